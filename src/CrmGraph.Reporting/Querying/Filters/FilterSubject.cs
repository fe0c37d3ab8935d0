using System.Linq.Expressions;
using System.Reflection;
using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Querying.Filters;

/// <summary>The kinds of values that operators tell apart.</summary>
[Flags]
public enum FilterKind
{
    Text = 1,
    Boolean = 2,
    Number = 4,
    /// <summary>A fixed-point long that the graph shows as Decimal.</summary>
    Decimal = 8,
    Day = 16,
    Instant = 32,
    Enum = 64,
    Id = 128,
    Ordered = Number | Decimal | Day | Instant,
    All = Text | Boolean | Ordered | Enum | Id,
}

/// <summary>The value that an operator compares: an expression over the row, and how operands are brought to its form.</summary>
/// <param name="Value">Of the property's type, nullable or not.</param>
public sealed record FilterSubject(FilterKind Kind, Expression Value, FilterContext Context)
{
    /// <summary>For texts: the value as text search sees it, and the same done to an operand.</summary>
    public Expression? Folded { get; init; }
    public Func<string, string> Fold { get; init; } = text => text;
    /// <summary>Rows with a text are few and found by an index of <see cref="Folded"/>.</summary>
    public bool IsSelective { get; init; }
    /// <summary>For <see cref="FilterKind.Decimal"/>: digits after the point in the stored number.</summary>
    public int Digits { get; init; }
    /// <summary>For <see cref="FilterKind.Id"/>: from an id as clients have it to the stored value.</summary>
    public Func<object, object> DecodeId { get; init; } = id => id;

    private static readonly MethodInfo ToLower = typeof(string).GetMethod(nameof(string.ToLower), Type.EmptyTypes)!;

    public Type ValueType => Nullable.GetUnderlyingType(Value.Type) ?? Value.Type;
    public bool IsNullable => !Value.Type.IsValueType || ValueType != Value.Type;

    /// <summary>A text with a folded shadow column, or (null) one whose search ignores the case of ASCII letters only.</summary>
    public static FilterSubject OfText(Expression value, Expression? foldedColumn, FilterContext context, bool isSelective = false)
    {
        var memory = context.Target == FilterTarget.Memory;
        if (foldedColumn is not null)
            return new(FilterKind.Text, value, context)
            {
                Folded = memory ? Expression.Call(typeof(FoldedText), nameof(FoldedText.Fold), null, value) : foldedColumn,
                Fold = text => FoldedText.Fold(text)!,
                IsSelective = isSelective && !memory,
            };
        // lower() of SQLite and of PostgreSQL under collation C changes ASCII letters only: equal on both.
        return new(FilterKind.Text, value, context)
        {
            Folded = memory
                ? Expression.Call(typeof(FoldedText), nameof(FoldedText.LowerAscii), null, value)
                : Expression.Call(value, ToLower),
            Fold = text => FoldedText.LowerAscii(text)!,
        };
    }

    /// <summary>A condition on the value where there is one; false where it is null.</summary>
    public Expression WhenPresent(Func<Expression, Expression> condition)
    {
        if (!IsNullable)
            return condition(Value);
        var present = Value.Type.IsValueType ? Expression.Property(Value, nameof(Nullable<int>.Value)) : Value;
        return Expression.AndAlso(Expression.NotEqual(Value, Expression.Constant(null, Value.Type)), condition(present));
    }
}
