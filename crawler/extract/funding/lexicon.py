"""The words of deal headlines: what a company is called, what counts as a round, who is an investor. Data, no logic."""


def words(text: str) -> frozenset[str]:
    """The words of a list written as text."""
    return frozenset(text.split())


# What a headline calls a company, before its name ("AI chip startup Acme") or instead of it ("an AI startup").
COMPANY_NOUNS = words(
    """buyer backer tech crm darling pioneer designer powerhouse heavyweight juggernaut scaleup scale-up newcomer
    incumbent leader hopeful startup start-up startups start-ups company companies firm firms maker makers
    developer provider operator platform app lab giant unicorn chipmaker manufacturer brand retailer lender
    fintech insurtech biotech edtech healthtech proptech agritech group studio agency business venture rival
    competitor owner parent creator builder supplier vendor carmaker automaker bank insurer broker exchange
    marketplace network service system software tool tools engine assistant chatbot agent hyperscaler neocloud
    conglomerate subsidiary unit division specialist player outfit publisher house chain airline carrier utility
    producer contractor consultancy foundry hospital newsletter podcast show site website engineering robotics
    decacorn upstart spinout spinoff spin-off arm lakehouse library organization organisation nonprofit labeler
    labeller integrator distributor"""
)
CROWDS = words(
    """sources investors vcs stocks shares markets analysts regulators lawmakers senators americans taxpayers founders
    economists families consumers workers employees executives students officials hackers wall"""
)
# The same for people and investors: "Solo GP Jane Doe", "ex-Acme engineer", "hedge fund Acme".
PEOPLE_NOUNS = words(
    """founder founders co-founder co-founders cofounder cofounders engineer engineers ceo cto cfo coo gp veteran
    veterans researcher researchers alum alums alumni executive executives billionaire entrepreneur entrepreneurs
    scientist scientists duo trio team investor investors chief boss actor singer student students dropouts
    professor rapper mogul partner partners principal banker bankers fund funds vc vcs"""
)
# Words that describe and never name, whatever their case.
MODIFIERS = words(
    """january february march april june july august september october november december
    ai a.i a.i. us u.s u.s. uk u.k u.k. eu uae vc pe ev it hr saas llm gpu cpu ml ar vr iot b2b b2c d2c dtc api web3
    defi nft chinese indian japanese korean american british german french israeli canadian australian european
    asian african swiss swedish danish norwegian finnish dutch spanish italian irish polish estonian singaporean
    brazilian mexican turkish taiwanese austrian belgian portuguese nordic african latin ukrainian russian saudi
    emirati indonesian vietnamese thai global former new ex early late-stage stealthy embattled struggling
    beleaguered popular leading top another the a an this that its his her their two three four one some many
    several rival fellow solo hot big tech quantum legal robotics"""
)
# A name ends before one of these, and a description that meets one of them had no name.
STOPS = words(
    """for to in at as after with from by on into via amid over which that who whose where when while because about of
    than if but or so is are was were be been has have had will would may could can should it he she they without
    under against despite before following ahead including through per between and plus valuing backed led raises
    raised now we we've we're our i i've"""
)
PLACES = words(
    """india china japan korea america europe asia africa britain england scotland wales ireland germany france italy
    spain portugal sweden norway denmark finland netherlands belgium switzerland austria poland israel canada mexico
    brazil argentina chile australia singapore indonesia malaysia vietnam thailand philippines taiwan turkey egypt
    nigeria kenya ukraine russia texas california nevada virginia ohio michigan arizona georgia florida london paris
    berlin munich tokyo beijing shanghai seoul mumbai bengaluru bangalore delhi dubai qatar states kingdom county
    silicon valley zealand africa saudi arabia emirates taipei toronto boston chicago seattle tennessee indiana
    louisiana wisconsin pennsylvania utah oregon wyoming mississippi alabama carolina dakota"""
)
# Investment firms go by these last words.
FIRM_WORDS = words(
    """ventures capital partners vc equity fund funds investments investors holdings growth management associates
    angels accelerator advisors investment catalyst syndicate foundation trust partnership endowment"""
)
# Well known firms whose names do not say that they invest.
FIRMS = words(
    """a16z andreessenhorowitz sequoia accel benchmark greylock lightspeed kleinerperkins battery index indexventures
    foundersfund thrive khosla gic temasek softbank tigerglobal coatue insight iconiq dragoneer ribbit lux felicis
    redpoint menlo bessemer nea ivp spark generalcatalyst gv ycombinator yc techstars 500global seedcamp balderton
    atomico creandum northzone eqt kkr blackstone apollo carlyle tpg warburgpincus bainandco advent permira
    blackrock fidelity blackbird antler peakxv elevation nexus blume matrix hillhouse hongshan qiming idg gaorong
    radical initialized floodgate firstround uncorked union usv craft d1 dst paradigm polychain pantera dragonfly
    multicoin mgx qia pif mubadala adq aramcoventures inqtel vitruvian cvc silverlake vista thomabravo francisco
    spectrum summit ta wellington troweprice baillie valor 8vc altimeter addition conviction emergence crv theory
    greenoaks avataar accelindia chiratae"""
)
# Operating companies and states that invest: their money alone makes a round strategic.
OPERATORS = words(
    """nvidia google alphabet microsoft amazon apple meta openai anthropic xai tesla spacex samsung skhynix intel amd
    qualcomm broadcom arm ibm oracle salesforce servicenow sap cisco dell hpe databricks snowflake palantir
    adobe tencent alibaba baidu bytedance xiaomi huawei meituan jd foxconn tsmc asml siemens bosch volkswagen
    bmw mercedesbenz toyota honda hyundai kia ford gm generalmotors stellantis volvo uber lyft doordash walmart
    target costco cvs unitedhealth pfizer novartis roche lilly elilillyandcompany novonordisk merck jnj
    johnsonandjohnson boeing airbus lockheedmartin rtx shell bp totalenergies exxon exxonmobil chevron visa
    mastercard paypal stripe block ericsson nokia att verizon tmobile deutschetelekom orange vodafone telefonica
    jio reliance tata infosys wipro airtel sony panasonic hitachi ntt rakuten naver kakao lg disney netflix
    spotify coinbase micron marvell coreweave tsinghua janestreet accenture pentagon humain g42 stc e& etisalat
    aramco saudiaramco emaar schneiderelectric siemensenergy gevernova vestas orsted equinor eni repsol engie
    edf iberdrola enel eon rwe grab gojek goto sea shopee coupang flipkart ola paytm phonepe zomato swiggy
    razorpay mahindra adani adanigroup tcs hcl hcltech techmahindra autodesk figma canva shopify atlassian
    workday zoom crowdstrike cloudflare mongodb datadog hubspot twilio okta paloaltonetworks fortinet zscaler
    thales dassault dassaultsystemes safran saab rheinmetall leonardo baesystems northropgrumman generaldynamics
    l3harris bayer basf merckkgaa sanofi astrazeneca gsk novo amgen gilead moderna takeda daiichisankyo
    medtronic philips gehealthcare siemenshealthineers abbott roku warnerbros universalmusic sonymusic nytimes
    newscorp axelspringer bertelsmann prosus naspers yandex sber delivery deliveryhero ocado tesco carrefour
    ikea inditex nike adidas lvmh loreal unilever nestle pepsico cocacola mcdonalds starbucks fedex ups dhl
    maersk dbschenker deutschebahn renault nissan mazda subaru byd nio xpeng liauto geely saic catl denso magna
    aptiv continental zf mobileye mitsubishi mitsubishicorporation marubeni itochu sumitomo mitsui softbankcorp
    kddi fujitsu nec canon toshiba kioxia lenovo asus acer quanta wistron mediatek zte smic cambricon unitree
    dji netease kuaishou didi bilibili pinduoduo temu shein antgroup ant moonshot minimax zhipu deepseek mistral
    cohere perplexity scaleai waymo zoox cruise aurora rivian lucid polestar ferrari komatsu caterpillar
    johndeere deere cnh honeywell ge emerson rockwell rockwellautomation abb fanuc kuka yaskawa 3m dow dupont
    cargill bunge corteva syngenta jpmorgan goldmansachs morganstanley citi citigroup bankofamerica wellsfargo
    barclays hsbc ubs deutschebank bnpparibas santander bbva ing nomura mufg smbc americanexpress capitalone"""
)
STATES = words(
    """government administration ministry department state commission council authority pentagon army navy treasury
    parliament union bundeswehr sovereign congress senate"""
)
# Outlets whose bare dollar is not the American one, by the end of their host.
HOME_DOLLARS = {
    ".au": "AUD", "afr.com": "AUD", "startupdaily.net": "AUD", ".nz": "NZD", ".ca": "CAD", "betakit.com": "CAD",
    "theglobeandmail.com": "CAD", ".hk": "HKD", ".sg": "SGD", "straitstimes.com": "SGD", ".tw": "TWD",
}  # fmt: skip
