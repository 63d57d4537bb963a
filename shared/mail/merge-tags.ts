/** How one mail tool writes what it replaces for each recipient. */
export interface MailProvider {
  readonly title: string;
  /** The tag of the recipient's address. */
  readonly email: string;
  /** The tag of the recipient's id in that tool; null: not known. */
  readonly id: string | null;
  /** The tag of the mail's subject matter, such as a ticket or an order. Each has an answer of its own; null: none. */
  readonly about: string | null;
  /** Query parameters that it adds to links to track a person. Left out: none known, or none that can be a property. */
  readonly adds?: readonly string[];
  /** Where its users paste a block of HTML. */
  readonly paste: string;
  /** The address's tag was found in the vendor's own documentation; false: from memory, to be tried first. */
  readonly documented: boolean;
}

const htmlBlock = (where: string) => `Paste the HTML into ${where}.`;

/** Every mail tool whose tags are known, by the name that the API takes: a new one is one entry. */
export const MAIL_PROVIDERS: Record<string, MailProvider> = {
  generic: {
    title: "Any other tool",
    email: "{{email}}",
    id: "{{id}}",
    about: null,
    paste: "Replace the tag by the one of your tool, in every link, and paste the HTML.",
    documented: false,
  },
  activecampaign: {
    title: "ActiveCampaign",
    email: "%EMAIL%",
    id: "%SUBSCRIBERID%",
    about: null,
    adds: ["vgo_ee"],
    paste: htmlBlock("an HTML block of the campaign"),
    documented: false,
  },
  braze: {
    title: "Braze",
    email: `{{\${email_address}}}`,
    id: `{{\${user_id}}}`,
    about: null,
    adds: ["lid"],
    paste: htmlBlock("an HTML block, or into the HTML editor"),
    documented: true,
  },
  brevo: {
    title: "Brevo",
    email: "{{ contact.EMAIL }}",
    id: null,
    about: null,
    paste: htmlBlock("an HTML block of the template"),
    documented: true,
  },
  "campaign-monitor": {
    title: "Campaign Monitor",
    email: "[email]",
    id: null,
    about: null,
    paste: htmlBlock("the template that you import; its editor takes no HTML"),
    documented: false,
  },
  "constant-contact": {
    title: "Constant Contact",
    email: "$SUBSCRIBER.EMAIL$",
    id: null,
    about: null,
    paste: htmlBlock("a custom-code mail"),
    documented: true,
  },
  "customer-io": {
    title: "Customer.io",
    email: "{{customer.email | url_encode}}",
    id: "{{customer.id}}",
    about: null,
    adds: ["cio_id"],
    paste: htmlBlock("the code editor, or into an HTML block"),
    documented: false,
  },
  freshdesk: {
    title: "Freshdesk",
    email: "{{ticket.requester.email}}",
    id: null,
    about: "{{ticket.id}}",
    paste: htmlBlock("the source view of a canned response, an e-mail notification, or an agent's signature"),
    documented: false,
  },
  hubspot: {
    title: "HubSpot",
    email: "{{ contact.email }}",
    id: "{{ contact.hs_object_id }}",
    about: null,
    adds: ["hsCtaTracking", "hsLang"],
    paste: htmlBlock("a rich-text module's source code, or into the HTML of a help-desk signature"),
    documented: false,
  },
  intercom: {
    title: "Intercom",
    email: "{{ email }}",
    id: "{{ user_id }}",
    about: null,
    paste: htmlBlock("an HTML block of a message, or into the template of your conversations' mails"),
    documented: false,
  },
  kit: {
    title: "Kit",
    email: "{{ subscriber.email_address }}",
    id: "{{ subscriber.id }}",
    about: null,
    adds: ["ck_subscriber_id", "sh_kit"],
    paste: htmlBlock("an HTML block of the broadcast or sequence"),
    documented: false,
  },
  klaviyo: {
    title: "Klaviyo",
    email: "{{ person.email }}",
    id: "{{ person.KlaviyoID }}",
    about: null,
    adds: ["nb_klid"],
    paste: htmlBlock("an HTML block, or into the source of a text block"),
    documented: false,
  },
  mailchimp: {
    title: "Mailchimp",
    email: "*|EMAIL|*",
    id: "*|UNIQID|*",
    about: null,
    adds: ["mc_cid", "mc_eid"],
    paste: htmlBlock("a Code block of the campaign"),
    documented: true,
  },
  mailerlite: {
    title: "MailerLite",
    email: "{$email}",
    id: null,
    about: null,
    adds: ["ml_subscriber", "ml_subscriber_hash"],
    paste: htmlBlock("an HTML block, or into the custom HTML editor"),
    documented: false,
  },
  marketo: {
    title: "Marketo",
    email: "{{lead.Email Address}}",
    id: "{{lead.Id}}",
    about: null,
    adds: ["mkt_tok"],
    paste: `${htmlBlock("the classic editor's HTML")} The new designer writes its tags without spaces.`,
    documented: true,
  },
  salesforce: {
    title: "Salesforce Marketing Cloud",
    email: "%%emailaddr%%",
    id: "%%_subscriberkey%%",
    about: null,
    adds: ["sfmc_id", "sfmc_sub", "j", "l", "u", "mid", "jb"],
    paste: htmlBlock("an HTML block of Content Builder"),
    documented: true,
  },
  sendgrid: {
    title: "SendGrid",
    email: "{{email}}",
    id: null,
    about: null,
    paste: htmlBlock("a Code module; a dynamic template takes `email` from the data that you send"),
    documented: false,
  },
  shopify: {
    title: "Shopify",
    email: "{{ email | url_encode }}",
    id: null,
    // Not `name`: its # would end the address.
    about: "{{ order_number }}",
    adds: ["syclid"],
    paste: htmlBlock("a notification's template, such as the shipping confirmation"),
    documented: true,
  },
  zendesk: {
    title: "Zendesk",
    email: "{{ticket.requester.email}}",
    id: "{{ticket.requester.external_id}}",
    about: "{{ticket.id}}",
    paste: htmlBlock("the mail of a trigger or automation, or as rich text into a macro or signature"),
    documented: true,
  },
};

/** Marks that open a tag and occur in no value, or a whole value that is one name between marks. */
const mergeTag =
  /\*\||\{\{|%%|<%|^\[[\w ,.:=-]+\]$|^%[a-z][\w.:-]*%$|^\$[a-z][\w.]*\$$|^\{\$?[a-z][\w.]*\}$/i;

/** Whether a text contains a tag that the mail tool did not replace. */
export const holdsMergeTag = (text: string): boolean => mergeTag.test(text.trim());

/** What advertisers and unlisted tools add to links. A name that begins with _ cannot be a property anyway. */
const others =
  `fbclid gclid gclsrc dclid gbraid wbraid gad_source gad_campaignid srsltid msclkid ttclid twclid li_fat_id igsh
  igshid yclid ysclid ymclid epik rdt_cid sccid tblci dicbo irclickid irgwc cjevent cjdata rb_clickid s_cid s_kwcid ef_id wickedid
  oly_enc_id oly_anon_id vero_id vero_conv dm_i elqtrack elqtrackid trk_contact trk_msg trk_module trk_sid iterablecampaignid
  iterabletemplateid mkwid pcrid zanpid spm scm hubspotutk`.split(/\s+/);
const families = /^(utm|mtm|pk|piwik|matomo|hsa|bsft)_/;
const added = new Set(
  [...others, ...Object.values(MAIL_PROVIDERS).flatMap(({ adds = [] }) => adds)].map((name) =>
    name.toLowerCase(),
  ),
);

/** Whether a mail tool or advertiser adds a query parameter of this name to links by itself. */
export const isAddedByTools = (name: string): boolean =>
  added.has(name.toLowerCase()) || families.test(name.toLowerCase());
