using System.Linq.Expressions;
using CrmGraph.Data.Database;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>What a statement sums of each stored number.</summary>
internal enum SumPart
{
    Whole,
    /// <summary>How many times <see cref="WideSums.Unit"/> is in it.</summary>
    High,
    /// <summary>What is left of it.</summary>
    Low,
}

/// <summary>
/// Sums that 64 bits do not hold are read in two parts, of which each fits for as many rows as a table can have. That is asked for only where the
/// whole turned out not to fit: two more statements would cost everybody.
/// </summary>
internal static class WideSums
{
    public const long Unit = 1_000_000_000;

    public static decimal Scale(SumPart part) => part == SumPart.High ? Unit : 1;

    /// <summary>Sums the part of what is summed.</summary>
    public static Expression<Func<IEnumerable<TRow>, long>> Of<TRow>(SumPart part, Expression<Func<IEnumerable<TRow>, long>> sum) =>
        part == SumPart.Whole ? sum : Expression.Lambda<Func<IEnumerable<TRow>, long>>(new Parts(part).Visit(sum.Body), sum.Parameters);

    /// <summary>Whether one of the sums did not fit; the engine says so by the largest or the smallest number, or by <see cref="DatabaseEngine.IsSumTooLarge"/>.</summary>
    public static bool Overflowed(IReadOnlyList<FactRow> rows, IReadOnlyList<Measure> sums) =>
        sums.Count > 0 && rows.Any(row => sums.Any(m => m.Stored(row) is long.MinValue or long.MaxValue));

    private sealed class Parts(SumPart part) : ExpressionVisitor
    {
        protected override Expression VisitLambda<T>(Expression<T> node) => node.ReturnType != typeof(long)
            ? base.VisitLambda(node)
            : Expression.Lambda<T>(
                part == SumPart.High ? Expression.Divide(node.Body, Expression.Constant(Unit)) : Expression.Modulo(node.Body, Expression.Constant(Unit)),
                node.Parameters);
    }
}
