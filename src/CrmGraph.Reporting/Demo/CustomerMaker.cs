using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Demo;

/// <summary>A customer while his facts are drawn.</summary>
internal sealed record DemoCustomer(Customer Row, Place Place, DateTime Created)
{
    /// <summary>Local times; null when he never bought.</summary>
    public DateTime? FirstPurchase { get; set; }
    public DateTime? LastPurchase { get; set; }
}

/// <param name="owners">Who looks after the customers of a country.</param>
/// <param name="source">Of the customers' outside ids.</param>
internal sealed class CustomerMaker(IdSequence ids, LocalClock clock, ILookup<string, TeamMember> owners, string source)
{
    private readonly Dictionary<string, TeamMember[]> ownersOf = owners.ToDictionary(g => g.Key, g => g.ToArray());

    /// <param name="day">On which he became known.</param>
    public DemoCustomer Make(Draw draw, int number, DateTime day, DemoBatch batch)
    {
        var place = Names.Places[draw.Weighted(Names.PlaceWeights)];
        var company = draw.Chance(0.22);
        var created = clock.Before(day.Add(draw.TimeOfDay(place)), draw);
        var known = clock.At(created);
        var row = new Customer
        {
            Id = ids.Next(),
            Kind = company ? CustomerKind.Company : CustomerKind.Person,
            Name = company ? FirmName(draw, place) : PersonName(draw, place),
            // Reserved for examples (RFC 2606), and numbers of the ranges that are reserved for fiction.
            Email = draw.Chance(0.93) ? $"{(company ? "office" : "customer")}{number + 1}@example.{(place.IsChinese ? "net" : "com")}" : null,
            Phone = draw.Chance(0.7) ? Phone(place, number) : null,
            Country = place.Country, Region = place.Region, City = place.City,
            AcquisitionChannel = draw.Chance(0.95) ? Names.Channels[draw.Weighted(Names.ChannelWeights)] : null,
            OwnerId = company || draw.Chance(0.55) ? draw.One(ownersOf[place.Country]).Id : null,
            CreatedAt = known.Utc, Day = known.Day,
        };
        if (company)
            row.Industry = draw.One(Names.Industries);
        else
            AddPerson(draw, row);
        AddDetails(draw, row, number, batch);
        batch.Customers.Add(row);
        return new DemoCustomer(row, place, created);
    }

    /// <summary>Lead until the first purchase, customer since; former when the last purchase is long ago. The row holds the stage of today.</summary>
    public static void MakeStages(DemoCustomer customer, LocalClock clock, DemoBatch batch)
    {
        var id = customer.Row.Id;
        if (customer.FirstPurchase is not { } first || customer.LastPurchase is not { } last)
        {
            customer.Row.LifecycleStage = customer.Row.Kind == CustomerKind.Company ? LifecycleStage.SalesQualified : LifecycleStage.Lead;
            batch.Stages.Add(new CustomerStage { CustomerId = id, Stage = customer.Row.LifecycleStage, From = customer.Row.CreatedAt });
            return;
        }
        var bought = clock.At(first).Utc;
        if (bought > customer.Row.CreatedAt)
            batch.Stages.Add(new CustomerStage { CustomerId = id, Stage = LifecycleStage.Lead, From = customer.Row.CreatedAt, To = bought });
        var gone = last.AddDays(270);
        var lost = gone < clock.Now ? clock.At(gone).Utc : (DateTime?)null;
        batch.Stages.Add(new CustomerStage { CustomerId = id, Stage = LifecycleStage.Customer, From = bought, To = lost });
        if (lost is { } at)
            batch.Stages.Add(new CustomerStage { CustomerId = id, Stage = LifecycleStage.Former, From = at });
        customer.Row.LifecycleStage = lost is null ? LifecycleStage.Customer : LifecycleStage.Former;
    }

    private void AddPerson(Draw draw, Customer row)
    {
        row.Gender = draw.Weighted([52, 40, 1, 7]) is var g && g < 3 ? (Gender)g : null;
        if (draw.Chance(0.75))
            row.BirthDate = clock.Today.AddDays(-(int)(365.25 * Age(draw)));
        if (draw.Chance(0.6))
            row.Occupation = draw.One(Names.Occupations);
    }

    private static double Age(Draw draw)
    {
        while (true)
            if (38 + 13 * draw.Normal() is >= 18 and <= 90 and var age)
                return age;
    }

    private void AddDetails(Draw draw, Customer row, int number, DemoBatch batch)
    {
        if (draw.Chance(0.35))
            row.Interests.Add(draw.One(Names.Interests));
        if (draw.Chance(0.25))
            row.Tags.Add("newsletter");
        if (draw.Chance(0.06))
            row.Tags.Add("vip");
        if (draw.Chance(0.3))
            batch.Attributes.Add(new CustomerAttribute { CustomerId = row.Id, Key = "language", Value = row.Country == "China" ? "zh" : "en" });
        if (row.Kind == CustomerKind.Company)
            batch.Attributes.Add(new CustomerAttribute { CustomerId = row.Id, Key = "employees", Value = $"{10 * (1 + draw.Below(60))}" });
        batch.ExternalIds.Add(
            new ExternalId { Entity = ExternalEntity.Customer, Source = source, Key = $"C{number + 1:000000}", CustomerId = row.Id, Id = row.Id });
    }

    private static string PersonName(Draw draw, Place place) => place.IsChinese && draw.Chance(0.93)
        ? draw.One(Names.ChineseFamily) + draw.One(Names.ChineseGiven)
        : $"{draw.One(Names.EnglishGiven)} {draw.One(Names.EnglishFamily)}";

    private static string FirmName(Draw draw, Place place) => place.IsChinese
        ? $"{place.City}{draw.One(Names.ChineseFirm)}{draw.One(Names.ChineseFirmKind)}"
        : $"{draw.One(Names.EnglishFirm)} {draw.One(Names.EnglishFirmKind)}";

    /// <summary>555-01xx is for fiction in North America, 01632 960xxx in the United Kingdom; the others follow with 555 and zeros.</summary>
    private static string Phone(Place place, int number) => place.Country switch
    {
        "United States" => $"+1 415 555 01{number % 100:00}",
        "United Kingdom" => $"+44 1632 960{number % 1000:000}",
        "Germany" => $"+49 30 0000 {number % 10_000:0000}",
        _ => $"+86 000 0000 {number % 10_000:0000}",
    };
}
