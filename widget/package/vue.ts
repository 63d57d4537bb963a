import { defineComponent, h, onMounted, type PropType, watch } from "vue";
import { init, type Options, type Settings } from "./index.ts";

/** Starts Candor when mounted and updates it when the options change. Renders nothing. */
export const Candor = defineComponent({
  props: { options: { type: Object as PropType<Options>, required: true } },
  setup(props) {
    onMounted(() => init(props.options));
    watch(
      () => props.options,
      (options) => init(options),
      { deep: true },
    );
    return () => null;
  },
});

/** A survey in the page. */
export const CandorSurvey = defineComponent({
  props: {
    touchpoint: { type: String, required: true },
    locale: String,
    respondent: String,
    respondentHash: String,
    properties: Object as PropType<Settings["properties"]>,
  },
  setup: (props) => () =>
    h("candor-survey", {
      touchpoint: props.touchpoint,
      "data-locale": props.locale,
      "data-respondent": props.respondent,
      "data-respondent-hash": props.respondentHash,
      "data-properties": props.properties && JSON.stringify(props.properties),
    }),
});
