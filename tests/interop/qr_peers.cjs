// SPDX-License-Identifier: Apache-2.0
// Answers test_qr_peers.py: reads {"payloads": [...]} on standard input, writes what the peers say.

const { readFileSync } = require("node:fs");
const { BakongKHQR, IndividualInfo, MerchantInfo, khqrData } = require("bakong-khqr");
const promptparse = require("promptparse");

const details = {
  currency: khqrData.currency.khr,
  billNumber: "#0001",
  mobileNumber: "85500000000",
  storeLabel: "Store 1",
  terminalLabel: "Till 2",
};
const priced = { ...details, amount: 50000, expirationTimestamp: Date.now() + 600000 };
const dollars = { ...priced, currency: khqrData.currency.usd, amount: 1.5 };

function bakongCodes() {
  const bakong = new BakongKHQR();
  return [
    bakong.generateIndividual(new IndividualInfo("sokha@bank", "Sokha", "Phnom Penh")),
    bakong.generateIndividual(new IndividualInfo("sokha@bank", "Sokha", "Battambang", priced)),
    bakong.generateIndividual(new IndividualInfo("sokha@bank", "Sokha", "Battambang", dollars)),
    bakong.generateMerchant(
      new MerchantInfo("shop@bank", "Shop", "Siem Reap", "123456", "Dev Bank", {
        ...details,
        languagePreference: "km",
        merchantNameAlternateLanguage: "ហាង",
        merchantCityAlternateLanguage: "សៀមរាប",
      }),
    ),
  ].map((answer) => answer.data.qr);
}

function promptpayCodes() {
  const { anyId, billPayment, trueMoney } = promptparse.generate;
  return [
    anyId({ type: "MSISDN", target: "0812345678" }),
    anyId({ type: "NATID", target: "1234567890123", amount: 4.22 }),
    billPayment({ billerId: "112233445566778", ref1: "CUSTOMER001", ref2: "INV001", amount: 100 }),
    trueMoney({ mobileNo: "0801111111", amount: 10.05, message: "Hello" }),
  ];
}

// promptparse takes the CRC over character codes, which is the standard's CRC for ASCII only; of
// other text it is asked for the tags, and bakong-khqr judges the CRC.
function judge(payload) {
  const ascii = /^[ -~]*$/.test(payload);
  const read = promptparse.parse(payload, ascii, false);
  return {
    promptparse: read && read.getTags().map(({ id, value }) => [id, value]),
    bakongValid: BakongKHQR.verify(payload).isValid,
    bakong: BakongKHQR.decode(payload).data,
  };
}

const { payloads } = JSON.parse(readFileSync(0, "utf8"));
const written = { bakong: bakongCodes(), promptpay: promptpayCodes() };
process.stdout.write(JSON.stringify({ written, judged: payloads.map(judge) }));
