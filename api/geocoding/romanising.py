"""Names in other scripts written in Latin letters, near enough to find what the gazetteer knows in Latin only.

Not a standard romanisation: sounds count, and one text gives one spelling. Input is folded, so that accents, the
breve of й and the voicing marks of kana are gone already, and Hangul has fallen into its letters.
"""

import re
import unicodedata
from functools import cache

_CYRILLIC = (
    "аa бb вv гg дd еe жzh зz иi іi кk лl мm нn оo пp рr сs тt уu фf хh цts чch шsh щsh ъ ыy ь эe юyu яya єe ґg әa өo"
    " үu ұu қk ғg ңn һh җj јj љl њn ћc ђd џj"
)
_GREEK = "αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo"
_ARABIC = (
    "اa آa بb تt ثs جj حh خh دd ذd رr زz سs شsh صs ضd طt ظz عa غg فf قq كk لl مm نn هh وu يi ىa ةa پp چch ژzh گg کk یi"
    " ےe ہh ھh ٹt ڈd ڑr ںn ء"
)
# Characters that Chinese transcribes foreign names with, by sound; ordinary words hardly consist of them alone.
_CHINESE = """
a阿 ai艾爱埃愛 an安 ao奥奧 ba巴 bai拜白 ban班 bang邦 bao保包 bei贝貝 ben本 bi比 bin宾賓 bo波博伯 bu布 cha查 chang昌
chi奇 da达達 dai代戴 dan丹 dang当 dao道 de德 di迪蒂地 ding丁 dong东東 du杜都 dun敦顿頓 duo多 e厄 en恩 er尔爾 fa法
fan凡 fei费菲費 fen芬 feng丰 fo佛 fu弗福富 gai盖 gan甘 gang冈 ge格戈 gen根 gu古 gua瓜 guo果 ha哈 hai海 han汉罕
hang杭 hei黑 heng亨 hong洪 hu胡 hua华華 huo霍 ji吉基 jia加贾賈 jiao焦 jie杰捷 jin金 ka卡喀 kai凯凱 kan坎 kang康 kao考
ke克科可 ken肯 ku库庫 kua夸 kun昆 la拉 lai莱赖萊 lan兰蘭 lang朗 lao劳勞 le勒 lei雷蕾 li利里丽立麗 lian连 lin林 liu柳
long隆 lu卢鲁路盧魯 lun伦倫 luo罗洛羅 ma马玛馬瑪 mai迈麦邁 man曼 mang芒 mao毛茂 mei梅美 men门門 meng蒙孟 mi米密
min敏 ming明 mo莫摩墨 mu穆姆 na纳那娜納 nan南楠 nei内內 ni尼 niu纽紐 ning宁寧 nong农 nu努 nuo诺諾 ou欧歐 pa帕 pan潘
pang庞 pei佩 peng彭 pi皮 ping平 po珀 pu普 qi齐 qia恰 qiao乔喬 qie切 qin钦 qing青 qiu丘 ran然 re热 rong容 ru茹 rui瑞
sa萨薩 sai塞赛賽 sang桑 shao绍 se色 sen森 sha沙 shan山 shang尚 shen申 sheng圣聖 shi什施 shu舒 si斯思 song松 su苏蘇
suo索 ta塔 tai泰 tan坦 tang唐 tao陶 te特 teng滕 ti提 ting廷 tong通 tu图圖 tuo托 wa瓦 wai外 wan万 wang旺
wei维韦威維韋 wen文温溫 wo沃 wu乌武烏 xi西希锡錫 xia夏 xiao肖 xie谢 xin欣 ya亚雅亞 yang扬 ye耶叶 yi伊 yin因 ying英
yong永 you尤 yu于 yue约約 za扎 zan赞 ze泽澤 zeng曾 zhan詹 zhi治 zhu朱 zi兹茲 zuo佐
"""
_SHORTEST_CHINESE = 3
_JAMO = {
    0x1100: "g kk n d tt r m b pp s ss - j jj ch k t p h".split(),
    0x1161: "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split(),
    0x11A8: "k k k n n n t l k m l l l p l m p p t t ng t t k t p t".split(),
}

# Letters of one sound, in this order, become one; vowels between consonants and half-vowels vanish.
_SOUNDS = (
    (r"s?t?[scz]h|t?sch|cz|d?zh|t[sz]|d[jz]|c(?=[eiy])|[jxz]", "s"),
    (r"ph|v", "f"),
    (r"ng|n", "n"),
    (r"[ckqg]", "k"),
    (r"b", "p"),
    (r"th?|d", "t"),
    (r"r", "l"),
    (r"^[aeiouyw]+", "A"),
    (r"[aeiouhwy ]", ""),
    (r"(.)\1+", r"\1"),
)
_FEWEST_CONSONANTS = 2


def romanise(key: str) -> str:
    """A folded name in Latin letters; "" when it has them already, or letters that are not known here."""
    if key.isascii():
        return ""
    letters = [_letters().get(character) for character in key]
    if None in letters or _is_short_chinese(key):
        return ""
    return " ".join("".join(letter or "" for letter in letters).split())


def sound(key: str) -> str:
    """The consonants of a name in Latin letters, alike for spellings that sound alike; "" when there are too few."""
    if not key.isascii():
        return ""
    for pattern, letter in _SOUNDS:
        key = re.sub(pattern, letter, key)
    return key if len(key.lstrip("A")) >= _FEWEST_CONSONANTS else ""


@cache
def _letters() -> dict[str, str]:
    found = {character: character for character in "abcdefghijklmnopqrstuvwxyz0123456789 "}
    for alphabet in (_CYRILLIC, _GREEK, _ARABIC):
        found |= {pair[0]: pair[1:] for pair in alphabet.split()}
    for start, sounds in _JAMO.items():
        found |= {chr(start + at): letter.strip("-") for at, letter in enumerate(sounds)}
    for group in _CHINESE.split():
        latin = "".join(character for character in group if character.isascii())
        found |= dict.fromkeys(group[len(latin) :], latin)
    return found | {character: _named_sound(character) for character in map(chr, (*range(0x904, 0x94E), *_KANA))}


_KANA = range(0x30A1, 0x30F4)


def _named_sound(character: str) -> str:
    """The sound in the Unicode name of a letter: DEVANAGARI LETTER KA, KATAKANA LETTER SMALL TU."""
    name = unicodedata.name(character, "")
    sound_of = name.rpartition(" ")[2].lower()
    if "SIGN VIRAMA" in name or "NUKTA" in name:
        return ""
    if name.startswith("DEVANAGARI LETTER"):
        # The vowel that every consonant bears unless another is written.
        return sound_of.removesuffix("a") or "a"
    return {"anusvara": "n", "candrabindu": "n", "visarga": "", "avagraha": ""}.get(sound_of, sound_of)


def _is_short_chinese(key: str) -> bool:
    return len(key) < _SHORTEST_CHINESE and any("\u4e00" <= character <= "\u9fff" for character in key)
