using System.Text.Json;
using System.Text.Json.Serialization;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Planning;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying.Calendar;
using CrmGraph.Reporting.Querying.Filters;

namespace CrmGraph.Reporting.Reports;

/// <summary>A period that a report was run for.</summary>
/// <param name="From">The first day, in the reporting time zone at the time of the run.</param>
/// <param name="Until">The first day after the period.</param>
public sealed record ReportPeriod([property: GraphQLDeprecated("Use `start`, as in other periods.")] DateOnly From, DateOnly Until)
{
    /// <summary>The first day, in the reporting time zone at the time of the run.</summary>
    [JsonIgnore] public DateOnly Start => From;
    /// <summary>The last day of the period.</summary>
    [JsonIgnore] public DateOnly Through => Until.AddDays(-1);
}

/// <summary>
/// Which days a run is about, and under which settings: equal for runs whose relative dates mean the same. Periods of metrics are resolved; for other
/// things that follow the calendar (relative dates in filters, segments, whose definitions may hold some) the day itself stands.
/// </summary>
public sealed record ReportDates(IReadOnlyList<ReportPeriod> Periods, Settings Settings)
{
    /// <summary>The versions of the company's own metrics that it shows: with another formula the same days give other figures. Null when it shows none.</summary>
    public IReadOnlyDictionary<string, int>? Formulas { get; init; }

    /// <summary>The language of labels and texts; null for English.</summary>
    public string? Language { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Options);

    public static ReportDates FromJson(string json)
        => JsonSerializer.Deserialize<ReportDates>(json, ReportJson.Options) ?? throw new JsonException("The dates of a result are an object.");

    /// <exception cref="GraphQL.Errors.GraphQLException">A period is empty or leaves the calendar.</exception>
    internal static ReportDates Of(IEnumerable<SelectedArguments> fields, Settings settings, ReportingMoment moment)
    {
        var periods = new List<ReportPeriod>();
        foreach (var field in fields)
        {
            if (field.On.Name == nameof(Segment))
                Add(periods, Today(moment));
            foreach (var argument in field.Field.Arguments)
                if (field.Values.GetValueOrDefault(argument.Name) is { } value && DaysOf(argument, value, moment) is { } days)
                    Add(periods, days);
        }

        return new(periods, settings);
    }

    /// <summary>The texts in the arguments of fields: metrics are named by them.</summary>
    internal static IEnumerable<string> Texts(IEnumerable<SelectedArguments> fields) => fields.SelectMany(f => f.Values.Values.SelectMany(Texts));

    private static IEnumerable<string> Texts(object? value) => value switch
    {
        string text => [text],
        InputObject input => input.Fields.Values.SelectMany(Texts),
        System.Collections.IEnumerable list => list.Cast<object?>().SelectMany(Texts),
        _ => [],
    };

    private static DayRange? DaysOf(InputValueDefinition argument, object value, ReportingMoment moment) => value switch
    {
        PeriodInput period => moment.Days(period),
        InputObject filter when FilterBuilder.ReadsMoment(filter) => Today(moment),
        _ when argument.Name == "segments" => Today(moment),
        _ => null,
    };

    private static DayRange Today(ReportingMoment moment) => new(moment.Today, moment.Today.AddDays(1));

    private static void Add(List<ReportPeriod> periods, DayRange days)
    {
        var period = new ReportPeriod(days.From, days.Until);
        if (!periods.Contains(period))
            periods.Add(period);
    }
}
