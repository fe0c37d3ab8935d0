using System.Linq.Expressions;
using System.Reflection;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying.Lookups;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Querying.Filters;

/// <summary>
/// One field of a filter input such as <c>CustomerFilterInput</c>: its type in the schema and the condition that it puts on a row.
/// Fields for a property follow from the property; others are declared in a class marked with <see cref="FilterFieldsAttribute{T}"/>.
/// </summary>
public abstract class FilterField(string name)
{
    public string Name { get; } = name;
    public string? Description { get; private set; }
    /// <summary>What to use instead of a field that is on its way out.</summary>
    public string? DeprecationReason { get; private set; }
    /// <summary>The nullable type of the input field. Read when the fields of the filter input are first read.</summary>
    public abstract GraphQLType Type { get; }
    /// <summary>Printed as the cost of the input field.</summary>
    public virtual double Cost => QueryCosts.Compare;
    /// <summary>How many rows the inner conditions are looked at for, for each row of the list.</summary>
    public virtual double RowsEach => 1;

    /// <summary>Sets the description, and what to use instead; for the place where the field is declared.</summary>
    public FilterField With(string? description, string? deprecated = null)
    {
        (Description, DeprecationReason) = (description, deprecated);
        return this;
    }

    /// <summary>Whether the field itself looks at <see cref="FilterContext.Moment"/>; its operators and inner conditions apart.</summary>
    public virtual bool ReadsMoment => true;

    /// <summary>Whether the condition on a row depends on which other rows the caller may see.</summary>
    public virtual bool DependsOnCaller => false;

    /// <summary>Loads what the condition needs from elsewhere and keeps it in the context; called before <see cref="Build"/> for every use of the field.</summary>
    public virtual ValueTask PrepareAsync(object value, FilterContext context, CancellationToken cancellationToken) => default;

    /// <summary>A condition (bool, never unknown) on <paramref name="row"/> from the coerced value, which is not null.</summary>
    public abstract Expression Build(Expression row, object value, FilterContext context);
}

/// <summary>
/// Marks a static class with a method <c>IEnumerable&lt;FilterField&gt; Fields(FilterTypes types)</c>: more fields for the filter input
/// of <typeparamref name="T"/>. Found in this assembly; read in the order of the classes' names.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class FilterFieldsAttribute<T> : Attribute;

/// <summary>A field whose condition is a function of the row: for what follows from no property.</summary>
public class ComputedFilterField(
    string name,
    Func<GraphQLType> type,
    Func<Expression, object, FilterContext, Expression> build,
    double cost = QueryCosts.Compare) : FilterField(name)
{
    public override double Cost => cost;
    public override GraphQLType Type => type();

    public override Expression Build(Expression row, object value, FilterContext context) => build(row, value, context);
}

/// <summary>A field with the operators of a value: <c>name: {contains: "x"}</c>.</summary>
public sealed class OperandFilterField(
    string name, FilterKind kind, Func<InputObjectType> type, Func<Expression, FilterContext, FilterSubject> subject, double cost = QueryCosts.Compare)
        : FilterField(name)
{
    public FilterKind Kind { get; } = kind;
    public override double Cost => cost;
    public override bool ReadsMoment => false;
    public override GraphQLType Type => type();

    public override Expression Build(Expression row, object value, FilterContext context) =>
        FilterBuilder.Operand((InputObject)value, subject(row, context));
}

/// <summary>A field about an id that may have gone on to another row.</summary>
internal sealed class MergedIdFilterField(
    string name, Func<InputObjectType> type, Func<Expression, FilterContext, FilterSubject> subject, Func<object, object> decode) : FilterField(name)
{
    public override bool ReadsMoment => false;
    public override GraphQLType Type => type();

    public override async ValueTask PrepareAsync(object value, FilterContext context, CancellationToken cancellationToken)
    {
        if (context.Database is not { } database)
            return;
        var known = context.Kept<Dictionary<Guid, Guid>>(this) ?? [];
        context.Keep(this, known);
        foreach (var (old, now) in await MergedCustomers.LinksAsync(
            [.. Ids(value).Select(id => (Guid)decode(id)).Distinct()],
            database.ExternalIds.AsNoTracking(),
            cancellationToken))
            known[old] = now;
    }

    public override Expression Build(Expression row, object value, FilterContext context)
    {
        var known = context.Kept<Dictionary<Guid, Guid>>(this);
        return FilterBuilder.Operand(
            (InputObject)value,
            subject(row, context) with { DecodeId = id => (Guid)decode(id) is var own && known?.TryGetValue(own, out var now) == true ? now : own });
    }

    /// <summary>Every id in the operators, at any depth.</summary>
    private static IEnumerable<object> Ids(object? value) => value switch
    {
        string id => [id],
        InputObject input => input.Fields.Values.SelectMany(Ids),
        System.Collections.IEnumerable many => many.Cast<object?>().SelectMany(Ids),
        _ => [],
    };
}

/// <summary>A field about one related row: its condition holds only where there is such a row.</summary>
internal sealed class RelatedFilterField(string name, PropertyInfo property, Func<InputObjectType> type) : FilterField(name)
{
    private readonly PropertyInfo? _standsIn = PlaceholdersAttribute.Of(property.PropertyType);

    public override double Cost => QueryCosts.RelatedRows;
    public override double RowsEach => QueryCosts.RowsEach;
    public override bool ReadsMoment => false;
    public override GraphQLType Type => type();

    public override Expression Build(Expression row, object value, FilterContext context)
    {
        var related = Expression.Property(row, property);
        Expression isThere = Expression.NotEqual(related, Expression.Constant(null, related.Type));
        if (_standsIn is not null)
            isThere = Expression.AndAlso(isThere, Expression.Not(Expression.Property(related, _standsIn)));
        return Expression.AndAlso(isThere, FilterBuilder.Row((InputObject)value, related, context));
    }
}

/// <summary>A field about a list of related rows or of values: <c>some</c>, <c>none</c>, <c>all</c>, <c>any</c>.</summary>
internal sealed class ListFilterField(string name, Func<Expression, Expression> list, Type element, Func<InputObjectType> type) : FilterField(name)
{
    public override bool ReadsMoment => false;
    public override GraphQLType Type => type();

    public override Expression Build(Expression row, object value, FilterContext context)
    {
        var rows = list(row);
        Expression? all = null;
        foreach (var (name, operand) in ((InputObject)value).Fields)
            all = FilterBuilder.And(all, Quantified(rows, name, FilterBuilder.NotNull(operand, name, (InputObject)value), context));
        return all ?? Expression.Constant(true);
    }

    private Expression Quantified(Expression rows, string name, object operand, FilterContext context)
    {
        if (name == "any")
        {
            Expression any = Call(nameof(Enumerable.Any), rows);
            return (bool)operand ? any : Expression.Not(any);
        }

        var item = Expression.Parameter(element, "x");
        var input = (InputObject)operand;
        var condition = FilterBuilder.IsRowFilter(input.Type)
            ? FilterBuilder.Row(input, item, context)
            : FilterBuilder.Operand(input, FilterSubject.OfText(item, null, context));
        // "all" is written as "none is not", which both engines run as one anti-join.
        return name switch
        {
            "some" => Call(nameof(Enumerable.Any), rows, Expression.Lambda(condition, item)),
            "none" => Expression.Not(Call(nameof(Enumerable.Any), rows, Expression.Lambda(condition, item))),
            _ => Expression.Not(Call(nameof(Enumerable.Any), rows, Expression.Lambda(Expression.Not(condition), item))),
        };
    }

    private MethodCallExpression Call(string method, params Expression[] arguments) =>
        Expression.Call(typeof(Enumerable), method, [element], arguments);
}

/// <summary><c>and</c>, <c>or</c> (lists) and <c>not</c> on a whole row.</summary>
internal sealed class LogicalFilterField(string name, Func<GraphQLType> type) : FilterField(name)
{
    public override GraphQLType Type => type();
    public override double Cost => 0;
    public override bool ReadsMoment => false;

    public override Expression Build(Expression row, object value, FilterContext context) => Name == "not"
        ? Expression.Not(FilterBuilder.Row((InputObject)value, row, context))
        : FilterBuilder.Logical(Name, value, part => FilterBuilder.Row(part, row, context));
}
