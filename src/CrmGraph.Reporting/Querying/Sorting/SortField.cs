using System.Linq.Expressions;
using CrmGraph.Data.Statements;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying.Filters;

namespace CrmGraph.Reporting.Querying.Sorting;

/// <summary>A sort direction. Rows without a value come last in both directions.</summary>
[GraphQLName("SortEnumType")]
public enum SortDirection
{
    /// <summary>Ascending: the smallest or earliest first.</summary>
    Asc,
    /// <summary>Descending: the largest or latest first.</summary>
    Desc,
}

/// <summary>A field of a sort input such as <c>CustomerSortInput</c>: the value by which rows are ordered.</summary>
/// <param name="Value">From the row to a value of type string, int, long, DateOnly, DateTime or Guid, nullable when there may be none.</param>
public sealed record SortField(string Name, bool IsNullable, Func<Expression, FilterContext, Expression> Value, string? Description = null)
{
    /// <summary>Whether a page of a large list in this order is read from an index. A test reads the databases' plans.</summary>
    public bool IsIndexed { get; init; } = true;

    /// <summary>Its price; when not given, that of a key with or without an index.</summary>
    public double? Cost { get; init; }

    /// <summary>Whether the value depends on <see cref="FilterContext.Moment"/>.</summary>
    public bool ReadsMoment { get; init; }

    /// <summary>Loads what the value needs from elsewhere and keeps it in the context; called before <see cref="Value"/>.</summary>
    public Func<FilterContext, CancellationToken, ValueTask>? PrepareAsync { get; init; }

    /// <summary>
    /// For a value of a related row that every row has: the row's id as the related row has it. With it in the order's place of the id, an index of the
    /// related table on (value, id) gives the whole order.
    /// </summary>
    public LambdaExpression? RelatedId { get; init; }

    /// <summary>What else the client says of a value beside its direction, such as a period; null when nothing.</summary>
    public SortArguments? Arguments { get; init; }

    /// <summary>The field for what a client has set it to; itself where it takes a direction alone.</summary>
    internal SortField Given(object? value) => Arguments is { } arguments && value is InputObject input ? arguments.Given(input) : this;

    /// <summary>A field that is a function of the row; enums in the order of their declaration.</summary>
    public static SortField Of<TRow, TValue>(
        string name,
        Func<FilterContext, Expression<Func<TRow, TValue>>> value,
        bool isNullable,
        string? description = null) =>
        new(name, isNullable, (row, context) => Placed(Lambdas.Inline(value(context), row)), description);

    private static Expression Placed(Expression value) =>
        (Nullable.GetUnderlyingType(value.Type) ?? value.Type).IsEnum ? SortTypes.Ordinal(value) : value;
}

/// <summary>The arguments of a sort field.</summary>
/// <param name="Type">Makes their input type, which has a <see cref="Direction"/>.</param>
/// <param name="Given">The field for given arguments. Cursors are bound to its name, which tells them apart.</param>
public sealed record SortArguments(Func<ITypeRegistry, InputObjectType> Type, Func<InputObject, SortField> Given)
{
    public const string DirectionName = "direction";

    public static InputValueDefinition Direction(ITypeRegistry types) => new(DirectionName, new NonNullType(types.Input(typeof(SortDirection))))
    {
        Description = "The direction.",
    };
}

/// <summary>
/// Marks a static class with a method <c>IEnumerable&lt;SortField&gt; Fields()</c>: more fields for the sort input of
/// <typeparamref name="T"/>. Found in this assembly.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SortFieldsAttribute<T> : Attribute;

/// <summary>One key of an order: a value of the row, its direction, and a name that cursors are bound to.</summary>
public sealed record SortKey(string Name, LambdaExpression Value, bool Descending, bool IsNullable)
{
    /// <inheritdoc cref="SortField.RelatedId"/>
    public LambdaExpression? RelatedId { get; init; }

    /// <summary>Whether an index may give the order; otherwise the value is found for every row anyway.</summary>
    public bool IsIndexed { get; init; } = true;

    /// <summary>Adds what of an order decides the SQL.</summary>
    internal static void AddTo(ExpressionShape shape, IReadOnlyList<SortKey> order)
    {
        foreach (var key in order)
        {
            shape.Word((key.Descending ? 1 : 0) + (key.IsNullable ? 2 : 0));
            shape.Expression(key.Value);
            shape.Expression(key.RelatedId);
        }
    }
}
