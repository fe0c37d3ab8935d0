using CrmGraph.Data.Model;
using CrmGraph.Reporting.Segments;

namespace CrmGraph.Reporting.Demo;

/// <summary>Groups of customers that the demo company's analysts keep: some by what customers do, two by hand.</summary>
internal sealed class DemoSegments
{
    private static readonly (string Key, string Name, string Description, string Definition)[] Dynamic =
    [
        ("loyal-customers", "Loyal customers 忠实客户", "Five orders or more, the last one within three months.",
            """{"orderCount":{"gte":5},"lastPurchase":{"inLast":{"count":90,"unit":"DAY"}}}"""),
        ("about-to-leave", "About to leave 流失预警", "Bought at least twice, and not for two to six months: to be written to.",
            """{"orderCount":{"gte":2},"lastPurchase":{"inLast":{"count":180,"unit":"DAY"},"beforeLast":{"count":60,"unit":"DAY"}}}"""),
        ("first-purchase-this-quarter", "New in this quarter 本季新客", "First purchase in this quarter or the one before.",
            """{"firstPurchase":{"inLast":{"count":2,"unit":"QUARTER"}}}"""),
        ("wholesale-with-contract", "Wholesale with a contract 签约企业", "Companies with a supply contract.",
            """{"kind":{"eq":"COMPANY"},"contracts":{"any":true}}"""),
        ("disappointed", "Disappointed 不满意客户", "Last NPS score of 6 or less, or a complaint that is still open.",
            """{"or":[{"lastNpsScore":{"lte":6}},{"tickets":{"some":{"kind":{"eq":"COMPLAINT"},"resolvedAt":{"eq":null}}}}]}"""),
    ];

    private readonly LocalClock clock;
    private readonly Segment tea;
    private readonly Segment fair;

    public DemoSegments(IdSequence ids, LocalClock clock, string suffix)
    {
        this.clock = clock;
        Rows.AddRange(Dynamic.Select(d => new Segment
        {
            Id = ids.Next(), Key = d.Key + suffix, Name = d.Name, Description = d.Description, Kind = SegmentKind.Dynamic, Definition = d.Definition,
            DefinitionVersion = SegmentStore.DefinitionVersion,
        }));
        tea = List(ids, "tea-club" + suffix, "Tea club 茶友会", "Customers who signed up for tastings.");
        fair = List(ids, "trade-fair-visitors" + suffix, "Trade fair visitors 展会客户", "Companies that were met at a fair.");
    }

    public List<Segment> Rows { get; } = [];

    /// <summary>Lets a customer join the lists that are kept by hand, some weeks after he became known, and some leave again.</summary>
    public void Join(Draw draw, DemoCustomer customer, DemoBatch batch)
    {
        var list = customer.Row.Kind == CustomerKind.Company ? fair : tea;
        if (!draw.Chance(customer.Row.Kind == CustomerKind.Company ? 0.12 : 0.07))
            return;
        var joined = customer.Created.AddDays(7 + draw.Exponential(1d / 60));
        var left = draw.Chance(0.15) ? joined.AddDays(30 + draw.Below(300)) : DateTime.MaxValue;
        if (joined < clock.Now)
            batch.Members.Add(new SegmentMember
            {
                SegmentId = list.Id,
                CustomerId = customer.Row.Id,
                JoinedAt = clock.At(joined).Utc,
                LeftAt = left < clock.Now ? clock.At(left).Utc : null
            });
    }

    private Segment List(IdSequence ids, string key, string name, string description)
    {
        var segment = new Segment
        {
            Id = ids.Next(),
            Key = key,
            Name = name,
            Description = description,
            Kind = SegmentKind.Static,
            DefinitionVersion = SegmentStore.DefinitionVersion
        };
        Rows.Add(segment);
        return segment;
    }
}
