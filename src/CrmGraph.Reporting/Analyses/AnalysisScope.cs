using CrmGraph.Reporting.Querying;
using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying.Calendar;
using CrmGraph.Reporting.Querying.Filters;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting.Analyses;

/// <summary>Whom an analysis is of, for whom, and when.</summary>
internal sealed class AnalysisScope
{
    public required Rows Rows { get; init; }
    /// <summary>The customers that the caller may see and that <c>where</c> leaves.</summary>
    public required IQueryable<Customer> Customers { get; init; }
    public required CrmDbContext Database { get; init; }
    public required ReportingMoment Moment { get; init; }
    public required Settings Settings { get; init; }
    public required CrmLimits Limits { get; init; }
    public required CancellationToken CancellationToken { get; init; }

    /// <summary>Whether small groups are hidden from the caller.</summary>
    public bool Suppresses => Settings.SmallGroupMinimum > 0 && Rows.Caller.Role != Role.Administrator;

    /// <summary>The same of those customers alone that fulfil a condition.</summary>
    public AnalysisScope For(Expression<Func<Customer, bool>> condition) => new()
    {
        Rows = Rows, Customers = Customers.Where(condition), Database = Database, Moment = Moment, Settings = Settings, Limits = Limits,
        CancellationToken = CancellationToken,
    };

    /// <summary>The days of the period that have come; all of the past when it is left out, no days of one in the future.</summary>
    public DayRange Past(PeriodInput? period)
    {
        var days = period is null ? Periods.Calendar : Moment.Days(period);
        var tomorrow = Moment.Today.AddDays(1);
        var until = days.Until < tomorrow ? days.Until : tomorrow;
        return days with { Until = until < days.From ? days.From : until };
    }

    /// <exception cref="GraphQLException">ANALYSIS_SMALL_GROUP: so few customers may not be told of.</exception>
    public void RefuseSmall(int customers)
    {
        if (Suppresses && customers > 0 && customers < Settings.SmallGroupMinimum)
            throw new GraphQLException(
                AnalysisErrorCodes.SmallGroup,
                $"Fewer than {Settings.SmallGroupMinimum} customers stand behind this; ask for a wider `where` or a longer period.");
    }

    /// <exception cref="GraphQLException">INVALID_ARGUMENT.</exception>
    public static void Check(bool makesSense, string message)
    {
        if (!makesSense)
            throw new GraphQLException(ErrorCodes.InvalidArgument, message);
    }

    /// <exception cref="GraphQLException">ANALYSIS_TOO_FEW.</exception>
    /// <param name="what">Of what there are too few: "customers with a purchase".</param>
    public static void Require(int count, int least, string what)
    {
        if (count < least)
            throw new GraphQLException(AnalysisErrorCodes.TooFew, $"There are {count} {what}; at least {least} are needed to say anything.");
    }

    /// <summary>Whether a group of so many customers may not be shown; never of one that has nobody.</summary>
    public bool IsSmall(int customers) => Suppresses && customers > 0 && customers < Settings.SmallGroupMinimum;

    /// <summary>Which of the groups that add up to a total may not be shown: small ones, and one beside a small one alone.</summary>
    public bool[] Hidden(IReadOnlyList<int> customers)
    {
        if (!Suppresses)
            return new bool[customers.Count];
        var people = new long[customers.Count + 1, 1];
        for (var i = 0; i < customers.Count; i++)
            people[i, 0] = customers[i];
        people[customers.Count, 0] = customers.Sum();
        var hidden = SmallGroups.Hidden(people, Settings.SmallGroupMinimum);
        return [.. Enumerable.Range(0, customers.Count).Select(i => hidden[i, 0])];
    }

    /// <summary>Of a field with the argument that <see cref="UseAnalysisAttribute"/> gives.</summary>
    public static async Task<AnalysisScope> OfAsync(ResolverContext context)
    {
        var rows = Rows.Of(context);
        var filter = await FilterContext.OfAsync(context);
        var customers = rows.Customers;
        if (context.Argument<InputObject>(UseAnalysisAttribute.Where) is { } where)
            customers = customers.Where(await FilterBuilder.BuildAsync<Customer>(where, filter, context.CancellationToken));
        return new()
        {
            Rows = rows,
            Customers = customers,
            Database = context.Services.GetRequiredService<CrmDbContext>(),
            Moment = filter.Moment,
            Settings = await RequestSettings.SettingsAsync(context),
            Limits = filter.Limits,
            CancellationToken = context.CancellationToken,
        };
    }
}
