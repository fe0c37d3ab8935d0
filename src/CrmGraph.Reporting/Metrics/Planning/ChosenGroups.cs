using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Metrics.Planning;

/// <summary>The slices of a table whose groups are chosen: the chosen ones, and the rest as one group.</summary>
internal static class ChosenGroups
{
    /// <summary>
    /// Segments, tags and interests overlap: their rest is who is in none of the chosen ones. Beside other dimensions that cannot be told of a group, and
    /// there is no rest.
    /// </summary>
    public static IReadOnlyList<MetricSlice> Slices(MetricPlan plan, IReadOnlyList<MetricGroup> chosen)
    {
        if (!plan.Overlaps)
            return OfColumns(plan, chosen);
        if (plan.Query.GroupBy.Count > 1)
            return plan.Slices;
        return plan.HasSegments ? OfSegments(plan, [.. chosen.Select(g => (Guid)g.Values[0]!)]) : OfWords(plan, [.. chosen.Select(g => (string?)g.Values[0])]);
    }

    /// <summary>The rows of one group by columns.</summary>
    public static MetricSlice Slice(MetricPlan plan, MetricGroup group) =>
        new(Groups: key => Expression.Lambda<Func<FactRow, bool>>(Any(plan, [group], key), key.Parameters));

    private static IReadOnlyList<MetricSlice> OfWords(MetricPlan plan, List<string?> chosen)
    {
        var words = chosen.OfType<string>().ToList();
        Expression<Func<Customer, bool>> rest = plan.Query.GroupBy[0] == MetricDimension.Tag
            ? c => !c.Tags.Any(t => words.Contains(t))
            : c => !c.Interests.Any(i => words.Contains(i));
        Expression<Func<Customer, bool>> some = plan.Query.GroupBy[0] == MetricDimension.Tag ? c => c.Tags.Count > 0 : c => c.Interests.Count > 0;
        var others = chosen.Contains(null) ? Conditions.And(rest, some)! : rest;
        return [new MetricSlice(Folds: false), new MetricSlice(Customers: others, IsOthers: true, Folds: false)];
    }

    private static IReadOnlyList<MetricSlice> OfSegments(MetricPlan plan, HashSet<Guid> chosen)
    {
        var shown = plan.Slices.Where(s => chosen.Contains(s.Segment!.Value)).ToList();
        var rest = plan.Slices.Except(shown).Select(s => s.Customers).Aggregate(Conditions.Or)!;
        var others = Conditions.And(rest, Conditions.Not(shown.Select(s => s.Customers).Aggregate(Conditions.Or)!));
        return [.. shown, new MetricSlice(Customers: others, IsOthers: true, Folds: false)];
    }

    private static IReadOnlyList<MetricSlice> OfColumns(MetricPlan plan, IReadOnlyList<MetricGroup> chosen) =>
    [
        new MetricSlice(Groups: key => Expression.Lambda<Func<FactRow, bool>>(Any(plan, chosen, key), key.Parameters)),
        new MetricSlice(Groups: key => Expression.Lambda<Func<FactRow, bool>>(Expression.Not(Any(plan, chosen, key)), key.Parameters), IsOthers: true),
    ];

    private static Expression Any(MetricPlan plan, IReadOnlyList<MetricGroup> chosen, Expression<Func<FactRow, FactRow>> key)
    {
        var columns = ((MemberInitExpression)key.Body).Bindings.Cast<MemberAssignment>()
            .ToDictionary(b => b.Member.Name, b => b.Expression, StringComparer.Ordinal);
        Expression any = Expression.Constant(false);
        foreach (var group in chosen)
        {
            Expression all = Expression.Constant(true);
            for (var i = 0; i < plan.Query.GroupBy.Count; i++)
                all = And(all, Equal(ColumnOf(plan.Groupings[i], group.Values[i]), group.Values[i]));
            any = any is ConstantExpression ? all : Expression.OrElse(any, all);
        }

        return any;

        // A known customer is found by the id, which has an index.
        Expression ColumnOf(Grouping grouping, object? value) => grouping.Dimension == MetricDimension.Customer && value is not null
            ? columns[nameof(FactRow.CustomerId)]
            : columns[grouping.Column!];
    }

    private static Expression And(Expression all, Expression condition) => all is ConstantExpression ? condition : Expression.AndAlso(all, condition);

    // The value goes into the statement as a parameter, so that its text and plan are those of every choice of as many groups.
    private static BinaryExpression Equal(Expression column, object? value)
    {
        if (value is null)
            return Expression.Equal(column, Expression.Constant(null, column.Type));
        var holder = Activator.CreateInstance(typeof(Holder<>).MakeGenericType(column.Type), value)!;
        return Expression.Equal(column, Expression.Property(Expression.Constant(holder), nameof(Holder<int>.Value)));
    }

    private sealed record Holder<T>(T Value);
}
