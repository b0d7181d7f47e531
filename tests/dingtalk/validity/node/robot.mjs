// An app made with DingTalk's official Node client only. It says on its standard output what it
// hears, one JSON object a line, and answers messages through their sessionWebhook.
import axios from "axios";
import { DWClient, EventAck } from "dingtalk-stream";

const { BASE, CLIENT_ID, CLIENT_SECRET } = process.env;
const ROBOT = "/v1.0/im/bot/messages/get";
const CARD = "/v1.0/card/instances/callback";

// The client knows its gateway as a constant; only the host is another one here.
axios.interceptors.request.use((request) => {
  request.url = request.url.replace(/^https:\/\/o?api\.dingtalk\.com/, BASE);
  return request;
});

const tell = (kind, more) => console.log(JSON.stringify({ kind, ...more }));
console.info = () => {};

const client = new DWClient({
  clientId: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
  ua: "node-client-of-the-tests",
});

client.registerCallbackListener(ROBOT, async (frame) => {
  const message = JSON.parse(frame.data);
  client.socketCallBackResponse(frame.headers.messageId, null);
  const text = message.text.content.trim();
  const answer = await axios.post(message.sessionWebhook, {
    msgtype: "text",
    text: { content: `收到：${text}` },
    at: { atUserIds: [message.senderStaffId] },
  });
  tell("robot", { text, from: message.senderStaffId, errcode: answer.data.errcode });
});

client.registerCallbackListener(CARD, (frame) => {
  const pressed = JSON.parse(frame.data);
  const content = JSON.parse(pressed.content);
  client.socketCallBackResponse(frame.headers.messageId, {
    cardUpdateOptions: { updateCardDataByKey: true },
    cardData: { cardParamMap: { status: "已批准" } },
  });
  tell("card", { track: pressed.outTrackId, actions: content.cardPrivateData.actionIds });
});

client.registerAllEventListener((frame) => {
  tell("event", { type: frame.headers.eventType, data: JSON.parse(frame.data) });
  return { status: EventAck.SUCCESS };
});

tell("token", { token: await client.getAccessToken() });
await client.connect();
