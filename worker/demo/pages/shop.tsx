import { Drawing } from "../../html/page.tsx";

const mug = "M5 8h11v7a4 4 0 0 1-4 4H9a4 4 0 0 1-4-4zM16 10h1.5a2.5 2.5 0 0 1 0 5H16M8 3v2M12 3v2";
const dripper = "M4 5h16l-5 8v2H9v-2zM8.5 18h7M7 21h10";
const bag =
  "M7 3h10l1.5 4v12a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2V7zM5.5 7h13M9.5 14a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0";

const basket = [
  { drawing: mug, name: "Stoneware mug", detail: "Sand, 300 ml", price: "€18.00" },
  { drawing: dripper, name: "Pour-over dripper", detail: "Size 02", price: "€24.00" },
  { drawing: bag, name: "Filter coffee", detail: "Whole bean, 250 g", price: "€11.50" },
];

interface ShopProps {
  /** The survey link of the shop's mail, and the ratings that the mail offers. */
  link: { url: string; ratings: number[] } | null;
}

/** A shop's order page with a survey on it, and a mail with a survey link. */
export const Shop = ({ link }: ShopProps) => (
  <div class="shop">
    <section class="window" aria-labelledby="order">
      <p class="address" aria-hidden="true">
        demo-shop.example/orders/1042
      </p>
      <div class="order">
        <p class="shop-name">Demo shop</p>
        <h2 id="order">Thank you, your order is on its way</h2>
        <p class="quiet">Order 1042 arrives on Thursday.</p>
        <ul class="basket">
          {basket.map(({ drawing, name, detail, price }) => (
            <li>
              <span class="tile">
                <Drawing path={drawing} />
              </span>
              <span class="item">
                {name} <small>{detail}</small>
              </span>
              <span class="price">{price}</span>
            </li>
          ))}
          <li class="total">
            <span class="item">Total</span>
            <span class="price">€53.50</span>
          </li>
        </ul>
        <candor-survey touchpoint="checkout" />
        <p class="again">
          <button type="button" id="again">
            Ask me again
          </button>
          A visitor is asked once a month; this button forgets that you were.
        </p>
      </div>
    </section>
    {link && <Mail {...link} />}
  </div>
);

const Mail = ({ url, ratings }: { url: string; ratings: number[] }) => (
  <section class="window" aria-labelledby="mail">
    <p class="address" aria-hidden="true">
      From Demo shop to Alex
    </p>
    <div class="mail">
      <h2 id="mail">Your request is closed</h2>
      <p>
        Hello Alex, we have sent you a new lid for your mug. How easy did we make it for you? One number is
        enough.
      </p>
      <p class="ratings">
        {ratings.map((rating) => (
          <a href={`${url}?rating=${rating}`} target="_blank" rel="noopener" aria-label={`Rate ${rating}`}>
            {rating}
          </a>
        ))}
      </p>
      <p class="ends" aria-hidden="true">
        <span>Hard</span>
        <span>Easy</span>
      </p>
      <p>
        <a id="survey-link" href={url} target="_blank" rel="noopener">
          Open the survey
        </a>
      </p>
    </div>
  </section>
);
