// Lighthouse's report of a page whose map or chart is brought alive as soon as its button can be pressed.
//
//   node alive.mjs LIGHTHOUSE-FOLDER CHROMIUM URL CATEGORY,... FLAG,... > report.json
//
// Ends with 3 where nothing was alive on the page once Lighthouse had looked at it.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, executablePath, url, categories, flags] = process.argv.slice(2);
const from = createRequire(folder + "/package.json");
const bring = async (name) => import(pathToFileURL(from.resolve(name)).href);
const { default: lighthouse } = await bring("lighthouse");
const { default: puppeteer } = await bring("puppeteer-core");

const BUTTONS = "[data-sd-map], [data-sd-live]";
const ALIVE = "[data-sd-alive]";

const browser = await puppeteer.launch({ executablePath, args: flags.split(","), headless: true });
const page = await browser.newPage();
await page.evaluateOnNewDocument((selector) => {
  const press = () => {
    const button = document.querySelector(selector);
    if (button && button.offsetParent) button.click();
    else requestAnimationFrame(press);
  };
  addEventListener("DOMContentLoaded", press);
}, BUTTONS);
const settings = { output: "json", onlyCategories: categories.split(","), logLevel: "error" };
const { report } = await lighthouse(url, settings, undefined, page);
const stands = await page.waitForSelector(ALIVE, { timeout: 20000 }).catch(() => null);
await browser.close();
if (!stands) process.exit(3);
process.stdout.write(report);
