using System.Collections.Frozen;

namespace CrmGraph.Reporting.Imports.Suggesting;

/// <summary>By which words of headers the fields of records are known, and by which words the kind of file is.</summary>
internal static class SuggestionRules
{
    public const string FirstName = "customer.firstName", LastName = "customer.lastName";

    /// <summary>The kinds of which a file may be a list, and how much a word speaks for each. Where nothing tells, it is a list of customers.</summary>
    public static IReadOnlyList<(string Kind, FrozenDictionary<string, double> Signs)> Kinds { get; } =
    [
        Kind("customer", "email 0.8 phone 0.8 first 0.8 last 0.8 gender 0.8 birth 0.8 occupation 0.8 industry 0.8 "
            + "lifecycle 1 lead 1 contact 0.6 company 0.6 customer 0.4 "
            + "country 0.3 city 0.3 address 0.4 postal 0.4 interest 0.8 tag 0.5"),
        Kind("order", "order 1.5 quantity 1.2 product 0.8 price 0.8 line 0.5 discount 0.5 shipping 0.8 amount 0.7 date 0.4 cancelled 0.3"),
        Kind("opportunity", "opportunity 2.5 stage 1.2 probability 1.5 close 1.2 expected 0.5 loss 0.8 amount 0.3"),
        Kind("ticket", "ticket 2.5 priority 1.2 resolved 1.2 agent 1 subject 0.6 opened 0.6 response 0.5"),
        Kind("surveyResponse", "survey 2 nps 2.5 score 1.2 satisfaction 0.8 comment 0.3 question 0.8"),
        Kind("interaction", "interaction 2 duration 1.2 subject 0.5"),
        Kind("contract", "contract 2.5 plan 1.5 monthly 1 start 0.6 end 0.6"),
        Kind("product", "product 0.9 category 0.7 price 0.7"),
        Kind("campaignSpend", "campaign 1.2 spend 2"),
        Kind("campaign", "campaign 1.4 start 0.4 end 0.4"),
        Kind("payment", "payment 2.5 method 1"),
        Kind("exchangeRate", "rate 2 currency 1"),
        Kind("teamMember", "employee 2 manager 1.5 team 1"),
    ];

    /// <summary>The words of a header for each field, alternatives between bars: those of the kind itself, of whom it belongs to, and of what it
    /// speaks of.</summary>
    public static IEnumerable<(string Target, string[] Phrases)> Of(string kind) => Common.Where(r =>
        kind != r.Target.Split('.')[0]).Concat(ByKind[kind]).Select(
        r => (r.Target, r.Phrases.Split('|', StringSplitOptions.TrimEntries)));

    private static readonly (string Target, string Phrases)[] Person =
    [
        (FirstName, "first name | first | contact first name | customer first name"),
        (LastName, "last name | last | contact last name | customer last name"),
        ("customer.email", "email | customer email | contact email | email address"),
        ("customer.phone", "phone | phone id | customer phone | contact phone | company phone"),
        ("customer.gender", "gender | customer gender"),
        ("customer.birthDate", "birth | birth date | date birth | customer birth date"),
        ("customer.industry", "industry | customer industry | company industry"),
        ("customer.country", "country | country region | customer country | country id | address country region"),
        ("customer.region", "region | customer region | address region"),
        ("customer.city", "city | customer city | address city"),
    ];

    private static readonly (string Target, string Phrases)[] Owner =
    [
        ("teamMember.key", "owner id | customer owner id | contact owner id | company owner id | lead owner id | "
            + "opportunity owner id | ticket owner id | agent id | employee id"),
        ("teamMember.name", "owner | owner name | amount owner | amount employee | amount agent | "
            + "customer owner | contact owner | company owner | lead owner | opportunity owner | "
            + "order owner | agent | agent name | employee | employee name"),
    ];

    private static readonly (string Target, string Phrases)[] Common =
    [
        ("customer.key", "customer id | contact id | company id | customer name id | company name id | contact name id | lead id"),
        ("customer.name", "customer name | company name | contact name | customer | company | contact | customer company | customer full name"),
        .. Person,
        .. Owner,
    ];

    private static readonly (string Target, string Phrases)[] Customer =
    [
        ("customer.key", "id | customer id | contact id | company id | lead id"),
        ("customer.name", "name | full name | customer name | company name | contact name | customer | company | contact | customer company"),
        .. Person,
        ("customer.occupation", "occupation | title | occupation title | customer occupation"),
        ("customer.acquisitionChannel", "channel | source | lead source | customer source | customer channel | contact source"),
        ("customer.lifecycleStage", "lifecycle stage | lifecycle | stage"),
        ("customer.tags", "tag | customer tag"),
        ("customer.interests", "interest"),
        ("customer.createdAt", "created date | created | date | customer date | date created | customer created date"),
        ("customer.kind", "customer kind | company kind"),
        .. Owner,
    ];

    private static readonly (string Target, string Phrases)[] Order =
    [
        ("order.key", "order id | id | order"),
        ("order.orderedAt", "order date | date | created date | date order | order created date"),
        ("order.currency", "currency | currency id | order currency"),
        ("order.channel", "channel | source | order channel | order source"),
        ("order.campaign", "campaign | campaign id"),
        ("order.cancelledAt", "cancelled date | cancelled"),
        ("order.amount", "amount | order amount | order price | amount price"),
        ("order.line.quantity", "quantity | product quantity | order quantity | line quantity"),
        ("order.line.unitPrice", "unit price | price | product price | line price"),
        ("order.line.discount", "discount | line discount | discount amount | order discount"),
        ("order.line.cost", "cost | unit cost | product cost"),
        ("product.key", "product id"),
        ("product.name", "product name | product | description | product description | line | line name"),
        ("product.category", "category | product category"),
        ("order.shippingCountry", "shipping country"),
        ("order.shippingRegion", "shipping region"),
        ("order.shippingCity", "shipping city"),
        ("order.shippingPostalCode", "shipping postal | postal"),
    ];

    private static readonly (string Target, string Phrases)[] Opportunity =
    [
        ("opportunity.key", "opportunity id | id"),
        ("opportunity.name", "opportunity name | name | opportunity | subject | title"),
        ("opportunity.stage", "stage | opportunity stage | stage name"),
        ("opportunity.stageSince", "stage date | last stage date"),
        ("opportunity.status", "status | opportunity status"),
        ("opportunity.amount", "amount | opportunity amount | close amount"),
        ("opportunity.currency", "currency | currency id | opportunity currency"),
        ("opportunity.probability", "probability"),
        ("opportunity.channel", "channel | source | lead source"),
        ("opportunity.openedAt", "created date | created | opened date | opened | opportunity date | date"),
        ("opportunity.expectedCloseDay", "expected close date | close date | close | expected date | expected close"),
        ("opportunity.lossReason", "loss reason | reason loss | reason"),
        ("product.key", "product id"),
        ("product.name", "product name | product"),
        ("product.category", "product category"),
    ];

    private static readonly (string Target, string Phrases)[] Ticket =
    [
        ("ticket.key", "ticket id | id"),
        ("ticket.subject", "subject | title | ticket subject | ticket name | name | ticket title"),
        ("ticket.kind", "kind | ticket kind"),
        ("ticket.channel", "channel | source"),
        ("ticket.topic", "category | ticket category"),
        ("ticket.openedAt", "opened date | opened | created date | created | date | ticket date | ticket created date"),
        ("ticket.firstResponseAt", "first response date | first response | response date"),
        ("ticket.resolvedAt", "resolved date | resolved | close date | close"),
        ("ticket.csat", "satisfaction | satisfaction score | score"),
        ("ticket.priority", "priority | ticket priority"),
    ];

    private static readonly (string Target, string Phrases)[] SurveyResponse =
    [
        ("surveyResponse.key", "survey id | response id | id | survey response id"),
        ("surveyResponse.score", "score | nps | nps score | satisfaction | satisfaction score"),
        ("surveyResponse.question", "question | survey question"),
        ("surveyResponse.weight", "weight | survey weight | response weight"),
        ("surveyResponse.comment", "comment | survey comment | survey"),
        ("surveyResponse.channel", "channel | source"),
        ("surveyResponse.answeredAt", "date | survey date | response date | created date | opened date"),
    ];

    private static readonly (string Target, string Phrases)[] Interaction =
    [
        ("interaction.key", "interaction id | id"),
        ("interaction.kind", "kind | interaction kind"),
        ("interaction.channel", "channel"),
        ("interaction.subject", "subject | title | interaction subject | comment"),
        ("interaction.occurredAt", "date | interaction date | created date | start date"),
        ("interaction.durationSeconds", "duration"),
    ];

    private static readonly (string Target, string Phrases)[] Contract =
    [
        ("contract.key", "contract id | id"),
        ("contract.plan", "plan | contract plan | contract | contract kind | contract name"),
        ("contract.startDay", "start | start date | contract start | contract start date | contract date | created date"),
        ("contract.endDay", "end | end date | contract end | contract end date"),
        ("contract.monthlyAmount", "monthly amount | monthly | monthly price | monthly cost | amount"),
        ("contract.currency", "currency"),
    ];

    private static readonly (string Target, string Phrases)[] Product =
    [
        ("product.key", "product id | id"),
        ("product.name", "product name | name | product | description"),
        ("product.category", "category | product category"),
        ("product.price", "price | unit price | product price"),
        ("product.currency", "currency"),
    ];

    private static readonly (string Target, string Phrases)[] Campaign =
    [
        ("campaign.key", "campaign id | id"),
        ("campaign.name", "campaign name | name | campaign"),
        ("campaign.channel", "channel"),
        ("campaign.startDay", "start | start date"),
        ("campaign.endDay", "end | end date"),
    ];

    private static readonly (string Target, string Phrases)[] CampaignSpend =
    [
        ("campaignSpend.campaign", "campaign | campaign id | campaign name"),
        ("campaignSpend.day", "date"),
        ("campaignSpend.channel", "channel"),
        ("campaignSpend.amount", "spend | amount | spend amount | cost"),
        ("campaignSpend.currency", "currency"),
    ];

    private static readonly (string Target, string Phrases)[] Payment =
    [
        ("payment.order", "order id | order"),
        ("payment.paidAt", "payment date | date"),
        ("payment.amount", "amount | payment amount"),
        ("payment.method", "method | payment method | payment kind"),
        ("payment.reference", "payment id"),
    ];

    private static readonly (string Target, string Phrases)[] ExchangeRate =
        [("exchangeRate.currency", "currency"), ("exchangeRate.day", "date"), ("exchangeRate.rate", "rate")];

    private static readonly (string Target, string Phrases)[] TeamMember =
    [
        ("teamMember.key", "employee id | id"),
        ("teamMember.name", "employee name | name | employee"),
        ("teamMember.email", "email"),
        ("teamMember.manager", "manager id | manager"),
        ("teamMember.team", "team id | team"),
    ];

    private static readonly FrozenDictionary<string, (string Target, string Phrases)[]> ByKind = new Dictionary<string, (string, string)[]>
    {
        ["customer"] = Customer,
        ["order"] = Order,
        ["opportunity"] = Opportunity,
        ["ticket"] = Ticket,
        ["surveyResponse"] = SurveyResponse,
        ["interaction"] = Interaction,
        ["contract"] = Contract,
        ["product"] = Product,
        ["campaign"] = Campaign,
        ["campaignSpend"] = CampaignSpend,
        ["payment"] = Payment,
        ["exchangeRate"] = ExchangeRate,
        ["teamMember"] = TeamMember,
    }.ToFrozenDictionary();

    private static (string, FrozenDictionary<string, double>) Kind(string name, string signs)
    {
        var parts = signs.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (name, parts.Chunk(2).ToFrozenDictionary(p => p[0], p => double.Parse(p[1], System.Globalization.CultureInfo.InvariantCulture),
            StringComparer.Ordinal));
    }
}
