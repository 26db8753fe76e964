"""Common English first names by gender, and their short forms.

Titles and pronouns reveal the gender of other names. Names that are common for both men and women
are left out.
"""

from pipeline.dialogue.word_lists import vocabulary

MALE_NAMES = vocabulary(
    """aaron abel abraham adam adolphus adrian alan albert alec alex alexander alfred algernon
    allan allen ambrose andrew angus anthony antonio archer archibald archie arnold arthur aubrey
    august augustus barnaby barney bartholomew basil ben benedict benjamin bernard bert bertie
    bertram bill billy bob bobby boris brian bruce bruno caleb carl carlo cecil cedric charles
    charley charlie chester christian christopher clarence claude clement clifford clive colin
    conrad cornelius curtis cyril cyrus dan daniel dave david davy dennis derek dick dmitri donald
    douglas duncan ebenezer ed eddie edgar edmond edmund edward edwin eliot elliot emanuel emil
    enoch ephraim eric ernest eugene eustace evan ezra felix ferdinand francis frank franz fred
    freddy frederic frederick fritz gabriel gareth geoffrey george gerald gerard gideon gilbert
    giles giovanni godfrey gordon graham gregory gustav guy hal hamish hank hans harold harry
    harvey hector henri henry herbert herman hiram homer horace horatio howard hubert hugh hugo
    humphrey ian ignatius igor ira isaac isaiah ivan jabez jack jacob jacques jake james jasper
    jean jeffrey jem jeremiah jeremy jerome jerry jim jimmy joe joel john johnny jonah jonas
    jonathan joseph joshua josiah juan jude julian julius karl keith ken kenneth kevin larry
    laurence lawrence leo leon leonard leopold lewis lionel louis lucas lucian lucius luigi luke
    luther malcolm marcus mario mark marmaduke martin matt matthew maurice max maximilian michael
    mick mike miles mortimer moses nathan nathaniel neal ned neil nicholas nick nigel noah norman
    oliver orlando oscar oswald otto owen pablo paddy pascal pat patrick paul pedro percival percy
    perry peter phil philip phineas pierre ralph randolph raoul raymond reginald reuben rex richard
    rob robert robin roderick rodney roger roland ronald ronny rory roy rudolf rufus rupert sam
    samson samuel saul sebastian seth sidney sigmund silas simeon simon solomon stanley stephen
    steve steven stuart sydney sylvester ted teddy terence theobald theodore theo thomas tim
    timothy tobias toby tom tommy tony tristram ulysses valentine vernon victor vincent wallace
    walt walter warren wilfred wilfrid will william willie willy winston xavier zachary"""
)
FEMALE_NAMES = vocabulary(
    """abby abigail ada adela adelaide adele adeline agatha agnes alexandra alice alicia alison
    amanda amelia amy anastasia angela angelica angelina anita ann anna annabel anne annette annie
    antonia antoinette arabella audrey augusta aurora barbara beatrice becky bella belinda bernice
    bertha bessie beth betsy betty blanche brenda bridget camilla carol carolina caroline carrie
    cassandra catharine catherine cathy cecilia cecily celeste celia charlotte chloe christina
    christine cicely clara clarissa claudia clementina constance cora cordelia cornelia cynthia
    daisy daphne deborah debbie delia delilah diana dinah dolly dora dorcas doreen doris dorothea
    dorothy edith edna effie eileen elaine eleanor elinor eliza elizabeth ella ellen elsie
    emily emma emmeline enid erica esmeralda esther ethel etta eugenia eulalia eunice eva
    evangeline eve evelina fanny felicia felicity fiona flora florence frances francesca freda
    frederica frieda gabrielle genevieve georgiana georgina geraldine gertrude gillian gladys
    gloria grace greta gretchen griselda gwen gwendolen gwendolyn hannah harriet harriett hattie
    hazel heather heidi helen helena henrietta hester hetty hilda hildegarde honoria ida imogen
    ingrid irene iris irma isabel isabella isobel ivy jacqueline jane janet janey janice jeanne
    jemima jennie jennifer jenny jessica jessie jill joan joanna josephine joyce juanita judith
    judy julia juliana julie juliet justine karen kate kathleen katherine kathy katie katy kitty
    laura lavinia leah leila lena leonora letitia letty lettice lillian lily lina linda lisa lizzie
    lizzy lois lottie louisa louise lucia lucie lucilla lucille lucinda lucretia lucy lulu lydia
    mabel madeleine madeline madge maggie maisie mamie marcella margaret margery margot maria
    marian marianne marie marietta marilla marion marjorie martha mary matilda maud maude maureen
    maxine may meg melanie melissa mercy meredith mildred millicent millie minna minnie mina
    miranda miriam moira molly mona monica muriel myra myrtle nancy naomi natalie natasha nell
    nellie nelly nettie nina nora norah octavia olga olive olivia ophelia pamela pansy patience
    patricia patty paula paulina pauline pearl peggy penelope petunia philippa phoebe phyllis polly
    portia priscilla prudence rachel rebecca regina rhoda rita roberta rosa rosalie rosalind
    rosamond rosamund rose rosemary rosie rosina rowena ruby ruth sabina sadie sally samantha sandra
    sara sarah selina serena sheila shirley sibyl silvia sonia sophia sophie sophy stella stephanie
    sue susan susanna susannah susie suzanne sybil sylvia tabitha tamara tess tessa thelma theodora
    theresa tilly trixie ursula valeria vanessa venetia vera verena veronica victoria viola violet
    virginia vivian wilhelmina winifred yvonne zelda zoe"""
)
FIRST_NAMES = MALE_NAMES | FEMALE_NAMES

_SHORT_FORMS = """
abigail: abby gail
abraham: abe
albert: bert bertie al
alexander: alec alex sandy sasha
alfred: alf fred
andrew: andy drew
anne ann anna: annie nan nancy nanny
anthony: tony
archibald: archie
arthur: art artie
barbara: babs barbie
benjamin: ben benny benjy
bernard: bernie
beatrice: bea trixie
bridget: biddy bridie
caroline: carrie caro
catherine katherine catharine kathleen: kate katie katy kitty cathy kathy cat kit
cecilia cecily: cissy celia
charles: charley charlie chuck
charlotte: lottie lotty charley
christina christine: chris chrissie tina
christopher: chris kit
constance: connie
cynthia: cindy
daniel: dan danny
david: dave davy davie
deborah: debbie deb
dorothy dorothea: dolly dora dot dottie dodo
edgar edmund edwin edward: ed eddie ned neddy ted teddy
edith: edie
eleanor elinor: ellie nell nellie nelly nora
elizabeth: eliza lizzy lizzie liz bess bessie bessy bet betsy betsey betty beth libby elsie lisa
ellen helen: nell nellie nelly nelle
emily emmeline amelia: em emmy emmie milly millie
emma: em emmy
ernest: ernie
esther hester: essie hetty hettie
eugenia: genie
evelyn evelina eveline: evie eve
florence: flo florrie flossie
frances: fanny frankie fan
francis: frank frankie
frederick frederic: fred freddy freddie fritz
gabriel gabrielle: gabe
geoffrey jeffrey: geoff jeff
george: georgie geordie
georgiana georgina: georgie
gerald gerard: gerry jerry
gertrude: gertie trudy
gilbert: gil bertie
gregory: greg
gwendolen gwendolyn: gwen gwennie
harold: hal harry
harriet harriett: hattie hatty
henrietta: hetty etta hattie
henry: harry hal hank
herbert: bert bertie
hugh hugo: hughie
isaac: ike
isabel isabella: bella belle bell
jacob: jake
jacqueline: jackie jacky
james: jim jimmy jem jemmy jamie
jane: jenny janey janie jennie
jemima: mima
jennifer: jenny jen
jeremiah jerome: jerry
jessica: jess jessie
joanna: jo
john: jack johnny johnnie jock
jonathan: jon
joseph: joe joey jos
josephine: jo josie
joshua: josh
judith: judy
julia juliet: julie
kenneth: ken kenny
laurence lawrence: larry laurie
leonard: len lenny leo
letitia lettice: letty tish
lillian: lily lilly lil
louis lewis: lou louie lew
louisa louise: lou
lucy lucille lucilla lucinda: lu lulu
madeleine madeline: maddy
margaret: maggie meg peggy madge margery daisy greta meggie margie
martha: mattie patty
martin: marty
mary maria marie: molly polly may mamie minnie maisie moll poll
matilda: tilly tillie mattie maud
matthew: matt mat
michael: mike mick mickey
millicent mildred: milly millie
nathaniel nathan: nat nate
nicholas: nick nicky
oliver: noll ollie
patricia: pat patty
patrick: pat paddy
penelope: penny
percival: percy
peter: pete
philip: phil pip
priscilla: prissy cilla
rachel: ray
raymond: ray
rebecca: becky
reginald: reggie rex
richard: dick dickie dicky rick
robert: bob bobby rob robbie robin bert
roderick: rod roddy
roger: hodge
ronald: ron ronny ronnie
rosalind rosamond rosamund rosemary: rose rosie
samuel: sam sammy
sarah sara: sally sadie
sebastian: seb
simon: si
sophia: sophy sophie
stephen steven: steve stevie
susan susanna susannah: sue susie susy sukey
sylvester: syl
terence: terry
theodora: dora theo
theodore: theo ted teddy
theresa: tess tessa tessie
thomas: tom tommy
timothy: tim timmy
tobias: toby
valentine: val
victor: vic
victoria: vicky
vincent: vince vinny
virginia: ginny
walter: walt wat
wilhelmina: minna mina willa billie
william: will willie willy bill billy liam
winifred: winnie freda
zachary: zack
"""


def _full_names() -> dict[str, frozenset[str]]:
    full_names: dict[str, set[str]] = {}
    for line in _SHORT_FORMS.strip().splitlines():
        full, short = line.split(":")
        for short_form in short.split():
            full_names.setdefault(short_form, set()).update(full.split())
    return {short_form: frozenset(names) for short_form, names in full_names.items()}


FULL_NAMES = _full_names()
"""The names that a short form may stand for: `bess` -> {`elizabeth`}."""


def may_be_same_name(first: str, second: str) -> bool:
    """Check whether two lower-case first names may name one person: `lizzy` and `elizabeth`."""
    if first == second:
        return True
    first_full = FULL_NAMES.get(first, frozenset())
    second_full = FULL_NAMES.get(second, frozenset())
    return second in first_full or first in second_full or not first_full.isdisjoint(second_full)
