using System.Linq.Expressions;
using System.Reflection;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Reporting.Querying.Aggregates;

internal enum FigureKind { Number, Money, Day, Instant }

/// <summary>A property whose values are summed or of which the least and greatest are told.</summary>
internal sealed record AggregateFigure(PropertyInfo Property, string Name, FigureKind Kind)
{
    // So that no sum exceeds 64 bits, numbers are summed in two parts.
    private const long Unit = 1_000_000_000;

    public int Digits => Property.GetCustomAttribute<FixedPointAttribute>()?.Digits ?? 0;
    public bool IsSummed => Kind is FigureKind.Number or FigureKind.Money;

    public static IReadOnlyList<AggregateFigure> Of(Type rowType, ITypeRegistry types)
    {
        var hasCurrency = rowType.GetProperty("Currency") is not null;
        return [.. from property in rowType.GetProperties()
                   where !property.IsDefined(typeof(GraphQLIgnoreAttribute))
                       && property.Name is not (nameof(IRecorded.RecordedAt) or nameof(IRecorded.UpdatedAt))
                   let kind = KindOf(property, hasCurrency)
                   where kind is not null
                   select new AggregateFigure(property, types.NameOf(property), kind.Value)];
    }

    private static FigureKind? KindOf(PropertyInfo property, bool hasCurrency)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type == typeof(long) && property.IsDefined(typeof(FixedPointAttribute)) && hasCurrency && property.Name != nameof(OrderLine.Quantity)
                ? FigureKind.Money
            : type == typeof(long) || type == typeof(int) ? FigureKind.Number
            : type == typeof(DateOnly) ? FigureKind.Day
            : type == typeof(DateTime) ? FigureKind.Instant
            : null;
    }

    /// <summary>What is read of a group: how many rows have a value, the least, the greatest, and of numbers the parts of the sum.</summary>
    public IEnumerable<Expression> Read(Expression group, Type element, Func<Expression, Expression> rowOf)
    {
        Type type = IsSummed ? typeof(long?) : Kind == FigureKind.Day ? typeof(DateOnly?) : typeof(DateTime?);
        Expression Value(Expression item) => Expression.Convert(Expression.Property(rowOf(item), Property), type);
        Expression Call(string method, Func<Expression, Expression> body, params Type[] more)
        {
            var item = Expression.Parameter(element, "x");
            return Expression.Call(typeof(Enumerable), method, [element, .. more], group, Expression.Lambda(body(item), item));
        }

        yield return Call(nameof(Enumerable.Count), x => Expression.NotEqual(Value(x), Expression.Constant(null, type)));
        yield return Extreme(nameof(Enumerable.Min));
        yield return Extreme(nameof(Enumerable.Max));
        if (!IsSummed)
            yield break;
        yield return Call(nameof(Enumerable.Sum), x => Expression.Divide(Value(x), Expression.Constant(Unit, type)));
        yield return Call(nameof(Enumerable.Sum), x => Expression.Modulo(Value(x), Expression.Constant(Unit, type)));

        Expression Extreme(string method) => IsSummed ? Call(method, Value) : Call(method, Value, type);
    }

    public int Width => IsSummed ? 5 : 3;

    /// <summary>What was read, in the same order.</summary>
    public FigureValue Value(ReadOnlySpan<object?> read)
    {
        var count = (int)read[0]!;
        if (!IsSummed)
            return new(count, null, read[1], read[2]);
        var sum = ((decimal)(long)read[3]! * Unit) + (long)read[4]!;
        return new(count, Shown(sum), read[1] is long least ? Shown(least) : null, read[2] is long most ? Shown(most) : null);
    }

    private decimal Shown(decimal stored)
    {
        for (var digit = 0; digit < Digits; digit++)
            stored /= 10;
        return stored;
    }
}

/// <summary>A figure of a group, in one currency where it is money.</summary>
/// <param name="Count">Rows that have a value.</param>
internal sealed record FigureValue(int Count, decimal? Sum, object? Min, object? Max)
{
    private const int AverageDigits = 12;

    public decimal? Average => Count == 0 || Sum is not { } sum ? null : decimal.Round(sum / Count, AverageDigits);

    public static FigureValue operator +(FigureValue left, FigureValue right) => new(
        left.Count + right.Count, left.Sum + right.Sum, Extreme(left.Min, right.Min, -1), Extreme(left.Max, right.Max, 1));

    private static object? Extreme(object? left, object? right, int sign) => left is null ? right
        : right is null || Comparer<object>.Default.Compare(left, right) * sign >= 0 ? left
        : right;
}
