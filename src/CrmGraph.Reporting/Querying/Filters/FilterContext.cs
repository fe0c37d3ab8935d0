using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting.Querying.Filters;

/// <summary>Where a filter will run. Texts are folded by a shadow column in the database and by <see cref="FoldedText"/> in memory.</summary>
public enum FilterTarget { Database, Memory }

/// <summary>What a filter needs to know beside its conditions. One per request; not shared among threads.</summary>
public sealed class FilterContext
{
    private readonly Dictionary<object, object> _prepared = [];
    private readonly ReportingMoment? _moment;
    private CrmDbContext? _database;

    /// <summary>Of a request.</summary>
    public static async ValueTask<FilterContext> OfAsync(ResolverContext context)
    {
        var database = context.Services.GetRequiredService<CrmDbContext>();
        return new FilterContext
        {
            Moment = await RequestSettings.MomentAsync(context),
            Limits = context.Services.GetService<CrmLimits>() ?? new(),
            Database = database,
            Caller = context.State.Get<Caller>(),
        };
    }

    /// <summary>The moment that relative dates refer to.</summary>
    /// <exception cref="InvalidOperationException">Nothing in the filter or order said that it needs it.</exception>
    public ReportingMoment Moment
    {
        get => _moment ?? throw new InvalidOperationException("A field reads the moment and did not say so: see ReadsMoment.");
        init => _moment = value;
    }
    public CrmLimits Limits { get; init; } = new();
    /// <summary>Whose rows are looked at where a condition depends on what there is; null in memory.</summary>
    public Caller? Caller { get; init; }
    public FilterTarget Target { get; init; } = FilterTarget.Database;
    /// <summary>For conditions on tables to which no navigation leads; null in memory.</summary>
    public CrmDbContext? Database
    {
        get => _database ??= OpenDatabase?.Invoke();
        init => _database = value;
    }

    /// <summary>Gets the database when it is first needed.</summary>
    public Func<CrmDbContext>? OpenDatabase { get; init; }

    /// <summary>Keeps what <see cref="FilterField.PrepareAsync"/> found for <see cref="FilterField.Build"/>. The last one wins.</summary>
    public void Keep(object key, object value) => _prepared[key] = value;

    public T? Kept<T>(object key) where T : class => _prepared.TryGetValue(key, out var value) ? (T)value : null;
}
