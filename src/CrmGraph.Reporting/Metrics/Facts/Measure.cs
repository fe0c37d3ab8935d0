using System.Linq.Expressions;
using System.Reflection;
using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>What a measure counts.</summary>
internal enum MeasureUnit
{
    Whole,
    /// <summary>Kept as fixed point numbers.</summary>
    Decimal,
    /// <summary>Squares of fixed point numbers.</summary>
    SquaredDecimal,
    /// <summary>Kept as fixed point numbers, of the row's currency.</summary>
    Money,
}

/// <summary>
/// A base aggregate: what is summed or counted of facts. Metrics are functions of these, and two metrics that need the same one share it. Each is declared by
/// the source of its facts.
/// </summary>
public sealed class Measure
{
    private readonly Func<FactRow, long> _value;

    private Measure(string name, PropertyInfo column, Func<FactRow, long> value, FactKind? kind, MeasureUnit unit)
    {
        (Name, Column, _value, Kind, Unit) = (name, column, value, kind, unit);
    }

    public string Name { get; }
    /// <summary>The column of the rows in which it stands.</summary>
    internal PropertyInfo Column { get; }
    /// <summary>The facts without any of which it is not known at all; null when that is never asked.</summary>
    internal FactKind? Kind { get; }
    internal MeasureUnit Unit { get; }
    internal bool IsMoney => Unit == MeasureUnit.Money;
    /// <summary>What stands at the end: it is read as what stood at the start and what came and went.</summary>
    internal bool IsStock { get; init; }
    /// <summary>
    /// The columns that make the value of a fact, where the measure is no sum but the values themselves, each with how many facts have it: they add up over
    /// groups and days as sums do, and quantiles are told of them exactly. Null for sums and counts.
    /// </summary>
    internal IReadOnlyList<PropertyInfo>? Ranked { get; private init; }
    /// <summary>The only source, of measures that an argument of a metric makes; null for those of <see cref="FactSources"/>.</summary>
    internal FactSource? Made { get; set; }
    /// <summary>The stock of which this is what stood at the start.</summary>
    internal Measure? StartOf { get; init; }

    internal static Measure Of<TRow>(Expression<Func<TRow, long>> column, FactKind? kind, MeasureUnit unit = MeasureUnit.Whole, bool isStock = false)
        where TRow : FactRow
    {
        var property = (PropertyInfo)((MemberExpression)column.Body).Member;
        var get = property.GetMethod!.CreateDelegate<Func<TRow, long>>();
        return new(property.Name, property, row => get((TRow)row), kind, unit) { IsStock = isStock };
    }

    /// <summary>Values of facts.</summary>
    /// <param name="column">The column that is the value.</param>
    internal static Measure OfValues<TRow>(string name, Expression<Func<TRow, long>> column, FactKind kind, MeasureUnit unit, bool isStock = false)
        where TRow : FactRow
    {
        var (property, value) = ((PropertyInfo)((MemberExpression)column.Body).Member, column.Compile());
        return new(name, CountOfFacts, row => row.Facts, kind, unit) { Ranked = [property], RankedValue = row => value((TRow)row), IsStock = isStock };
    }

    /// <summary>Times between two moments of facts, in hours.</summary>
    internal static Measure OfHours<TRow>(string name, Expression<Func<TRow, DateTime>> from, Expression<Func<TRow, DateTime>> until, FactKind kind)
        where TRow : FactRow
    {
        var (start, end) = (from.Compile(), until.Compile());
        return new(name, CountOfFacts, row => row.Facts, kind, MeasureUnit.Whole)
        {
            Ranked = [(PropertyInfo)((MemberExpression)from.Body).Member, (PropertyInfo)((MemberExpression)until.Body).Member],
            RankedValue = row => (decimal)(end((TRow)row) - start((TRow)row)).Ticks / TimeSpan.TicksPerHour,
        };
    }

    /// <summary>A number of customers, as far as the rows are those of the right ones.</summary>
    internal static Measure OfPeople(string name, FactKind kind, bool isStock = false, Measure? startOf = null) =>
        new(name, FactSource.People.Column, row => row.People, kind, MeasureUnit.Whole) { IsStock = isStock, StartOf = startOf };

    /// <summary>Of a row of a measure that is <see cref="Ranked"/>: what so many facts have.</summary>
    internal decimal RankedOf(FactRow row) => Value(RankedValue!(row));

    /// <summary>As stored.</summary>
    internal long Stored(FactRow row) => _value(row);

    /// <param name="stored">A sum of what is stored, or a part of it.</param>
    internal decimal Value(decimal stored) => Unit switch
    {
        MeasureUnit.Whole => stored,
        MeasureUnit.SquaredDecimal => FixedPoint.ToDecimal(stored, 2 * FixedPoint.MoneyDigits),
        _ => FixedPoint.ToDecimal(stored),
    };

    private Func<FactRow, decimal>? RankedValue { get; init; }

    private static readonly PropertyInfo CountOfFacts = typeof(FactRow).GetProperty(nameof(FactRow.Facts))!;

    public override string ToString() => Name;
}
