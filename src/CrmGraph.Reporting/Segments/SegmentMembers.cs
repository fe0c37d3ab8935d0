using System.Linq.Expressions;
using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying.Calendar;
using CrmGraph.Reporting.Querying.Filters;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Segments;

/// <summary>What an export may hold of a member.</summary>
/// <param name="Needs">What to load with the customer; null when the own row is enough.</param>
public sealed record MemberField(string Name, Func<Customer, object?> Read, Expression<Func<Customer, object?>>? Needs = null);

/// <summary>The members of a segment as a stream of rows, for integrators who want all of them.</summary>
public sealed class SegmentMembers(CrmDbContext database, SegmentFilters filters, CrmLimits limits, TimeProvider time)
{
    private static readonly Expression<Func<Customer, object?>> Figures = c => c.Figures;
    private static readonly Expression<Func<Customer, object?>> Money = c => c.Money;
    private static readonly Expression<Func<Customer, object?>> Attributes = c => c.Attributes;
    // The navigation holds the ids of the customer's facts as well.
    private static readonly Expression<Func<Customer, object?>> OwnIds = c => c.ExternalIds.Where(e => e.Entity == ExternalEntity.Customer);

    /// <summary>Every field, in the order in which an export has them; names and values are those of the graph.</summary>
    public IReadOnlyList<MemberField> Fields { get; } =
    [
        new("id", c => NodeIds.FormatGuid(nameof(Customer), c.Id)),
        new("kind", c => Enumerated(c.Kind)),
        new("name", c => c.Name),
        new("email", c => c.Email),
        new("phone", c => c.Phone),
        new("gender", c => c.Gender is { } gender ? Enumerated(gender) : null),
        new("birthDate", c => c.BirthDate),
        new("occupation", c => c.Occupation),
        new("industry", c => c.Industry),
        new("country", c => c.Country),
        new("region", c => c.Region),
        new("city", c => c.City),
        new("acquisitionChannel", c => c.AcquisitionChannel),
        new("lifecycleStage", c => Enumerated(c.LifecycleStage)),
        new("tags", c => c.Tags),
        new("interests", c => c.Interests),
        new("ownerId", c => c.OwnerId is { } owner ? NodeIds.FormatGuid("TeamMember", owner) : null),
        new("createdAt", c => c.CreatedAt),
        new("orderCount", c => (long)(c.Figures?.OrderCount ?? 0), Figures),
        new("firstPurchase", c => c.Figures?.FirstPurchaseDay, Figures),
        new("lastPurchase", c => c.Figures?.LastPurchaseDay, Figures),
        new("moneySpent", c => c.Money.OrderBy(m => m.Currency, StringComparer.Ordinal)
            .Select(m => new NamedValue("currency", m.Currency, "amount", FixedPoint.ToDecimal(m.GrossAmount - m.ReturnedAmount)))
            .ToList(), Money),
        new(
            "attributes",
            c => c.Attributes.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => new NamedValue("key", a.Key, "value", a.Value)).ToList(),
            Attributes),
        new("externalIds", c => c.ExternalIds.OrderBy(e => e.Source, StringComparer.Ordinal).ThenBy(e => e.Key, StringComparer.Ordinal)
            .Select(e => new NamedValue("source", e.Source, "key", e.Key))
            .ToList(), OwnIds),
    ];

    /// <summary>The members that a caller may see, by id, read from the database while they are taken; null when there is no such segment.</summary>
    /// <exception cref="GraphQL.Errors.GraphQLException">The segment is broken.</exception>
    public async Task<IAsyncEnumerable<Customer>?> OpenAsync(string key, IReadOnlyList<MemberField> fields, Caller caller, CancellationToken cancellationToken)
    {
        var rows = new Rows(database, caller);
        if (!FoldedText.IsStorable(key) || await rows.Segments.SingleOrDefaultAsync(s => s.Key == key, cancellationToken) is not { } segment)
            return null;
        var context = new FilterContext
        {
            Moment = await ReportingMoment.ReadAsync(database, time, cancellationToken),
            Limits = limits,
            Database = database,
            Caller = caller,
        };
        var condition = (await filters.OfAsync([segment.Id], context, cancellationToken))[segment.Id];
        var members = rows.Customers.Where(condition);
        foreach (var navigation in fields.Select(f => f.Needs).OfType<Expression<Func<Customer, object?>>>().Distinct())
            members = members.Include(navigation);
        return members.OrderBy(c => c.Id).AsAsyncEnumerable();
    }

    private static string Enumerated<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseUpper.ConvertName(value.ToString());
}
