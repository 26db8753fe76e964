"""Word sets that separate names from other capitalised words, and people from places."""

from pipeline.dialogue.word_lists import vocabulary

MALE_TITLES = vocabulary(
    """mr mister sir lord monsieur m mons signor signore senor señor herr don father uncle brother
    king prince duke count earl viscount baron marquis marquess emperor sultan master abbe abbé
    padre fra esquire squire grandfather grandpa friar monsignor sahib comrade"""
)
MARRIED_TITLES = vocabulary("mrs mme madame madam frau signora senora señora mistress")
FEMALE_TITLES = MARRIED_TITLES | vocabulary(
    """miss ms mlle mademoiselle lady dame aunt auntie aunty sister queen princess duchess countess
    marchioness viscountess baroness empress signorina senorita señorita fräulein fraulein doña
    donna grandmother grandma granny nurse mother"""
)
NEUTRAL_TITLES = vocabulary(
    """dr doctor prof professor capt captain col colonel gen general maj major lt lieut lieutenant
    sgt sergeant corporal private judge justice inspector superintendent detective constable
    officer sheriff deputy commander admiral commodore rev reverend bishop archbishop cardinal pope
    dean canon deacon vicar rabbi saint cousin chief president senator governor mayor minister
    ambassador nawab rajah chancellor secretary agent commissioner coach chef dom hon messrs"""
)
TITLES = MALE_TITLES | FEMALE_TITLES | NEUTRAL_TITLES
UNMARRIED_TITLES = vocabulary(
    "miss ms mlle mademoiselle signorina senorita señorita fräulein fraulein"
)
FULL_TITLES = {
    "dr": "doctor", "prof": "professor", "capt": "captain", "col": "colonel", "gen": "general",
    "maj": "major", "lt": "lieutenant", "lieut": "lieutenant", "sgt": "sergeant",
    "rev": "reverend", "mme": "madame", "mlle": "mademoiselle", "m": "monsieur",
    "mons": "monsieur", "mister": "mr",
}  # fmt: skip
"""Abbreviated or variant titles and the titles that they stand for."""
NOBLE_TITLES = vocabulary(
    """king queen duke duchess count countess prince princess earl marquis marquess marchioness
    baron baroness lord lady knave emperor empress knight"""
)
"""Titles that `of` may follow: `the Duchess of Malfi`."""
NAME_PARTICLES = vocabulary(
    "de du des von van der den del della di da la le ten ter d el al bin ibn"
)
EPITHETS = vocabulary(
    """old young poor dear dearest little good great big late my sweet darling beloved fair
    honest worthy our your his her their its wicked fat"""
)
TITLES_OF_ADDRESS = vocabulary(
    "sir madam madame miss mr mrs master mistress lord lady monsieur mister ms dame m"
)
"""Titles that address anybody when no name follows."""
KINSHIP_TERMS = vocabulary(
    """mother father mamma mama mamma's papa mum mummy mom mommy dad daddy granny grandma grandpa
    grandmother grandfather grandmamma grandpapa grannie auntie aunt uncle nanny nurse"""
)

NOT_NAMES = vocabulary(
    """i a an the and but or nor so yet for if then than that this these those there here what who
    whom whose which when where why how not no yes yea nay oh o ah aye ay eh ha hallo hullo hello
    hi hey hush hark lo alas well now never ever always only just even still also too very quite
    rather perhaps maybe indeed certainly surely really truly is are am was were be been being
    has have had do does did done can could will would shall should may might must ought let lets
    it its he him his himself she her hers herself they them their theirs we us our ours you your
    yours thou thee thy ye my mine me myself one first second third once twice again all any both
    each every either neither some many much more most few less least other others another such
    same own enough several none nothing everything something anything nobody everybody somebody
    anybody at by in into of off on onto out over under up down to from with without within upon
    about above below between beyond after before behind beside besides during until till since
    while whilst through though although because unless whether as like against among amongst
    across along around near toward towards except come go get give take make look see think know
    say tell ask please thank thanks sorry good bad lord's heaven heavens goodness gracious jove
    gad gosh devil hell christ jesus jehovah providence almighty creator allah satan gods bible
    gospel scripture testament amen hurrah hurray bravo bosh nonsense rubbish pooh pshaw psst
    stop wait listen hold stay stand sit run nevertheless however therefore moreover furthermore
    meanwhile otherwise hence thus suddenly finally presently immediately afterwards instead
    january february august september october november december christmas easter whitsun
    whitsuntide lent michaelmas midsummer sabbath today tomorrow yesterday tonight morning
    evening afternoon night noon midnight south chapter volume book part section letter note
    footnote illustration preface prologue epilogue contents appendix project gutenberg ebook
    germany italian spanish spain russia scottish scotland welsh british britain america
    americans dutch swiss switzerland greek greece turkish turkey rome latin hebrew jews jewish
    christians christianity catholic protestant muslim mohammedan hindu hindus indians chinese
    china japanese japan polish austrian austria hungarian prussian prussia europe european asia
    africa african egyptian australia canada canadian london new york chicago moscow petersburg
    dublin edinburgh oxford cambridge bath venice florence's naples englishman englishmen
    englishwoman frenchman frenchmen frenchwoman irishman scotchman dutchman sir ma'am madam
    gentlemen ladies sirs messieurs monsieur's mesdames majesty highness honour lordship ladyship
    excellency grace's worship reverence father's mother's vatican parliament church government
    state states united kingdom navy army royal majesty's crown street road square lane avenue
    river sea ocean island mountain bay port fort hotel inn hall abbey castle court college
    university school club bank society company street's arabic arab arabs moslem moslems negro
    indies mediterranean atlantic pacific alps ok okay sat don't doesn't won't can't didn't isn't
    wasn't couldn't wouldn't shouldn't i'll i'm i've i'd you'll you're it's that's there's he's
    she's we're they're let's what's who's don doesn won ain didn isn wasn couldn wouldn shouldn
    haven hasn hadn aren weren ii iii iv vi vii viii ix xi xii mr's copyright edition beauty art
    science history life vive adieu bonjour mon ma mais oui non la le les il elle ce que qui et
    un une des"""
)
"""Capitalised words that are no names: sentence openers, oaths, months, nationalities."""
CALENDAR_WORDS = vocabulary(
    """monday tuesday wednesday thursday friday saturday sunday march april june july summer winter
    spring autumn"""
)
AMBIGUOUS_NAMES = CALENDAR_WORDS | vocabulary(
    """american april autumn berlin boston bridge brook christian death east egypt eight england
    english fate field five florence fortune four france french friday german god hill holland
    house india indian ireland irish israel italy jew july june kent lake love monday mount
    nature nine north paris park poland roman russian saturday scotch secretary seven six spring
    summer sunday ten three thursday time truth tuesday two vienna wales wednesday west winter
    wood"""
)
"""Words that count as names only in dialogue tags: `said Friday`."""
PLACE_NOUNS = vocabulary(
    """street road square lane avenue hill park bridge river lake sea ocean island islands mountain
    mountains mount bay port fort hotel inn hall abbey castle court college university school club
    bank society company house lodge cottage farm place terrace row gate green field fields wood
    woods forest valley church cathedral chapel station railway gardens palace tower bar cape
    county city town village office press times gazette post review magazine society act party
    service department line common heath hills islands empire republic gables parsonage rectory
    manor crescent"""
)
"""Last words of the names of places, societies and newspapers."""
PLACE_PREPOSITIONS = vocabulary("in near through via throughout outside inside")
PERSON_ACTIONS = vocabulary(
    """thought felt looked smiled nodded laughed sat stood walked turned knew saw heard sighed
    shrugged frowned paused hesitated blushed wept grinned rose came went gave wished hoped
    believed listened stared glanced watched wanted waited rushed ran stepped leaned leant bowed
    entered remained followed understood remembered forgot decided loved hated put held shook
    drew threw met got wondered wore lived agreed found meant sprang leapt jumped started flushed
    resumed expected feared tried supposed"""
)
"""Actions of people, rarely of places or things."""
VAGUE_NOUNS = vocabulary(
    """man woman girl boy lady gentleman fellow child person youth lad lass stranger creature men
    women girls boys ladies gentlemen people crowd others voices friend friends companion wife
    husband son daughter brother sister mother father aunt uncle cousin nephew niece lover guest
    visitor host hostess guests speaker brute wretch scoundrel rascal"""
)
"""Nouns too general to identify a character."""
NON_SPEAKER_NOUNS = vocabulary(
    """other latter former first second third last next one two three voice whole same more most
    least way door window room table head hand face eyes time day night moment morning evening
    house street world truth words word question answer reply news story letter thing matter
    subject fact point place others former's rest best worst former very"""
)
