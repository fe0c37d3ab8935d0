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
    /// <summary>The stock of which this is what stood at the start.</summary>
    internal Measure? StartOf { get; init; }

    internal static Measure Of<TRow>(Expression<Func<TRow, long>> column, FactKind? kind, MeasureUnit unit = MeasureUnit.Whole, bool isStock = false)
        where TRow : FactRow
    {
        var property = (PropertyInfo)((MemberExpression)column.Body).Member;
        var get = property.GetMethod!.CreateDelegate<Func<TRow, long>>();
        return new(property.Name, property, row => get((TRow)row), kind, unit) { IsStock = isStock };
    }

    /// <summary>A number of customers, as far as the rows are those of the right ones.</summary>
    internal static Measure OfPeople(string name, FactKind kind, bool isStock = false, Measure? startOf = null) =>
        new(name, FactSource.People.Column, row => row.People, kind, MeasureUnit.Whole) { IsStock = isStock, StartOf = startOf };

    /// <summary>As stored.</summary>
    internal long Stored(FactRow row) => _value(row);

    /// <param name="stored">A sum of what is stored, or a part of it.</param>
    internal decimal Value(decimal stored) => Unit == MeasureUnit.Whole ? stored : FixedPoint.ToDecimal(stored);

    public override string ToString() => Name;
}
