"""The shape of each call's body, and the official model that says the same."""

from __future__ import annotations

from collections.abc import Mapping

from tests.fakes.dingtalk.shapes import Each, Kind, Many, Shape, shape

TEXT, WHOLE, FLAG = Kind.TEXT, Kind.WHOLE, Kind.FLAG
TEXTS, WORDS, THINGS = Kind.TEXTS, Kind.WORDS, Kind.THINGS

_SENT = {"msgKey": TEXT, "msgParam": TEXT, "robotCode": TEXT}
_PARAMS = shape("cardParamMap", cardParamMap=WORDS)
_URLS = shape(appUrl=TEXT, pcUrl=TEXT)
_FIELDS = Many(shape(fieldKey=TEXT, fieldValue=TEXT))
_SPACE = shape(
    lastMessageI18n=WORDS,
    notification=shape(alertContent=TEXT, notificationOff=FLAG),
    searchSupport=shape(searchDesc=TEXT, searchIcon=TEXT, searchTypeName=TEXT),
    supportForward=FLAG,
)
_TO_GROUP = shape("robotCode", atUserIds=WORDS, extension=WORDS, recipients=TEXTS, robotCode=TEXT)
_TO_PERSON = shape("robotCode", extension=WORDS, robotCode=TEXT, spaceType=TEXT)
_CARD = {
    "callbackRouteKey": TEXT, "callbackType": TEXT, "cardAtUserIds": TEXTS, "cardData": _PARAMS,
    "cardTemplateId": TEXT, "outTrackId": TEXT, "privateData": Each(_PARAMS), "userId": TEXT,
    "userIdType": WHOLE, "imGroupOpenSpaceModel": _SPACE, "imRobotOpenSpaceModel": _SPACE,
}  # fmt: skip
_DELIVERED = {
    "imGroupOpenDeliverModel": _TO_GROUP, "imRobotOpenDeliverModel": _TO_PERSON,
    "openSpaceId": TEXT, "outTrackId": TEXT, "userIdType": WHOLE,
}  # fmt: skip
_TODO = {
    "contentFieldList": _FIELDS, "description": TEXT, "dueTime": WHOLE, "executorIds": TEXTS,
    "participantIds": TEXTS, "subject": TEXT,
}  # fmt: skip

BODIES: Mapping[str, Shape] = {
    "token": shape("appKey", "appSecret", appKey=TEXT, appSecret=TEXT),
    "token.corp": shape(
        "client_id", "client_secret", "grant_type",
        client_id=TEXT, client_secret=TEXT, grant_type=TEXT,
    ),
    "group.send": shape(
        "msgKey", "msgParam", "robotCode", "openConversationId",
        **_SENT, openConversationId=TEXT, coolAppCode=TEXT, token=TEXT,
    ),
    "group.recall": shape(
        "openConversationId", "processQueryKeys", "robotCode",
        openConversationId=TEXT, processQueryKeys=TEXTS, robotCode=TEXT,
    ),
    "group.query": shape(
        "openConversationId", "processQueryKey", "robotCode",
        openConversationId=TEXT, processQueryKey=TEXT, robotCode=TEXT, maxResults=WHOLE,
        nextToken=TEXT, token=TEXT,
    ),
    "oto.send": shape("msgKey", "msgParam", "robotCode", "userIds", **_SENT, userIds=TEXTS),
    "oto.recall": shape(
        "processQueryKeys", "robotCode", processQueryKeys=TEXTS, robotCode=TEXT
    ),
    "ding.send": shape(
        "content", "receiverUserIdList", "remindType", "robotCode",
        callVoice=TEXT, content=TEXT, receiverUserIdList=TEXTS, remindType=WHOLE, robotCode=TEXT,
    ),
    "ding.recall": shape("openDingId", "robotCode", openDingId=TEXT, robotCode=TEXT),
    "file.download": shape("downloadCode", "robotCode", downloadCode=TEXT, robotCode=TEXT),
    "emotion.reply": shape(
        "openConversationId", "openMsgId", "robotCode",
        emotionName=TEXT, emotionType=WHOLE, openConversationId=TEXT, openMsgId=TEXT,
        robotCode=TEXT,
        textEmotion=shape(backgroundId=TEXT, emotionId=TEXT, emotionName=TEXT, text=TEXT),
    ),
    "card.create_deliver": shape(
        "cardTemplateId", "outTrackId", "cardData", "openSpaceId", **(_CARD | _DELIVERED)
    ),
    "card.create": shape("cardTemplateId", "outTrackId", "cardData", **_CARD),
    "card.deliver": shape("outTrackId", "openSpaceId", **_DELIVERED),
    "card.update": shape(
        "outTrackId",
        cardData=_PARAMS, outTrackId=TEXT, privateData=Each(_PARAMS), userIdType=WHOLE,
        cardUpdateOptions=shape(updateCardDataByKey=FLAG, updatePrivateDataByKey=FLAG),
    ),
    "card.register": shape(
        "callbackRouteKey", "callbackUrl",
        apiSecret=TEXT, callbackRouteKey=TEXT, callbackUrl=TEXT, forceUpdate=FLAG,
    ),
    "todo.create": shape(
        "subject",
        **_TODO, bizCategoryId=TEXT, creatorId=TEXT, detailUrl=_URLS, isOnlyShowExecutor=FLAG,
        notifyConfigs=shape(dingNotify=TEXT, sendAssistantChat=TEXT, sendTodoApn=TEXT),
        priority=WHOLE, remindNotifyConfigs=shape(dingNotify=TEXT, sendTodoApn=TEXT),
        reminderTimeStamp=WHOLE, sourceId=TEXT, thirdExtension=THINGS, todoType=TEXT,
    ),
    "todo.update": shape(**_TODO, done=FLAG),
    "todo.status": shape(
        "executorStatusList", executorStatusList=Many(shape("id", id=TEXT, isDone=FLAG))
    ),
    "todo.query": shape(isDone=FLAG, nextToken=TEXT, todoType=TEXT),
}  # fmt: skip

MODELS: Mapping[str, str] = {
    "token": "oauth2_1_0.GetAccessTokenRequest",
    "token.corp": "oauth2_1_0.GetTokenRequest",
    "group.send": "robot_1_0.OrgGroupSendRequest",
    "group.recall": "robot_1_0.OrgGroupRecallRequest",
    "group.query": "robot_1_0.OrgGroupQueryRequest",
    "oto.send": "robot_1_0.BatchSendOTORequest",
    "oto.recall": "robot_1_0.BatchRecallOTORequest",
    "ding.send": "robot_1_0.RobotSendDingRequest",
    "ding.recall": "robot_1_0.RobotRecallDingRequest",
    "file.download": "robot_1_0.RobotMessageFileDownloadRequest",
    "emotion.reply": "robot_1_0.RobotReplyEmotionRequest",
    "card.create_deliver": "card_1_0.CreateAndDeliverRequest",
    "card.create": "card_1_0.CreateCardRequest",
    "card.deliver": "card_1_0.DeliverCardRequest",
    "card.update": "card_1_0.UpdateCardRequest",
    "card.register": "card_1_0.RegisterCallbackRequest",
    "todo.create": "todo_1_0.CreateTodoTaskRequest",
    "todo.update": "todo_1_0.UpdateTodoTaskRequest",
    "todo.status": "todo_1_0.UpdateTodoTaskExecutorStatusRequest",
    "todo.query": "todo_1_0.QueryOrgTodoTasksRequest",
}
"""The generated model of each body, in ``alibabacloud_dingtalk``."""
