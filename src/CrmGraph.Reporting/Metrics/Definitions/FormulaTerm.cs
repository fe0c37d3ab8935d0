using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Metrics.Definitions;

/// <summary>
/// A part of a formula with what follows from its parts: which kind of number it is, in which unit, how it adds up, and how it is computed. Money and things
/// that are counted keep what they are; what cannot be added is refused.
/// </summary>
/// <param name="Kind">Null for plain numbers.</param>
/// <param name="Additivity">Null for plain numbers.</param>
/// <param name="IsZeroWhenEmpty">It is 0 where nothing happened, and never without value.</param>
/// <param name="Value">Computed of the values of the metrics.</param>
internal sealed record FormulaTerm(
    MetricKind? Kind, string Unit, Additivity? Additivity, bool IsZeroWhenEmpty, Func<Func<MetricDefinition, Outcome>, Outcome> Value)
{
    private const string Currency = "currency", PlainNumber = "number";

    /// <summary>Of plain numbers.</summary>
    public decimal? Constant { get; private init; }

    public static FormulaTerm Of(decimal number) => new(null, PlainNumber, null, true, _ => Outcome.Of(number)) { Constant = number };

    public static FormulaTerm Of(MetricDefinition metric) => new(
        metric.Kind, metric.Unit, metric.Additivity, metric.EmptyRule == EmptyRule.Zero, metric.Combine ?? (of => of(metric)));

    public FormulaTerm Negated() => this with { Value = of => Value(of) * -1, Constant = -Constant };

    /// <exception cref="FormulaException">The two cannot be combined so.</exception>
    public FormulaTerm With(char sign, FormulaTerm other, int position) => sign switch
    {
        '+' => Added(other, position, (a, b) => a + b, (a, b) => a + b),
        '-' => Added(other, position, (a, b) => a - b, (a, b) => a - b),
        '*' => Multiplied(other, position),
        _ => Divided(other, position),
    };

    private FormulaTerm Added(FormulaTerm other, int position, Func<Outcome, Outcome, Outcome> value, Func<decimal, decimal, decimal> constant)
    {
        var (own, others) = (Value, other.Value);
        var sum = new FormulaTerm(
            Kind ?? other.Kind, Unit, Kind is not null && Additivity == other.Additivity ? Additivity : Definitions.Additivity.NonAdditive,
            IsZeroWhenEmpty && other.IsZeroWhenEmpty, of => value(own(of), others(of)));
        if (Constant is { } a && other.Constant is { } b)
            return sum with { Kind = null, Additivity = null, Constant = constant(a, b) };
        if (Constant is not null || other.Constant is not null)
        {
            // What is there without anything else does not add up, and is there where nothing happened.
            var metric = Constant is null ? this : other;
            return metric.Kind is MetricKind.Money
                ? throw Refused("Money and a plain number cannot be added: the number has no currency", position)
                : sum with { Kind = metric.Kind, Unit = metric.Unit, IsZeroWhenEmpty = false };
        }

        if (Kind == MetricKind.Count && other.Kind == MetricKind.Count)
            return sum with { Unit = Unit == other.Unit ? Unit : PlainNumber };
        if (Kind == other.Kind && Unit == other.Unit)
            return sum;
        throw Refused($"{Words(this)} and {Words(other)} cannot be added", position);
    }

    private FormulaTerm Multiplied(FormulaTerm other, int position)
    {
        var (own, others) = (Value, other.Value);
        var product = new FormulaTerm(
            MetricKind.Rate, $"{Unit} x {other.Unit}", Definitions.Additivity.NonAdditive, IsZeroWhenEmpty && other.IsZeroWhenEmpty,
            of => own(of) * others(of));
        if (Constant is { } a && other.Constant is { } b)
            return product with { Kind = null, Unit = PlainNumber, Additivity = null, Constant = Checked(() => a * b, position) };
        if (other.Constant is { } factor)
            return Scaled(factor, of => own(of) * factor);
        if (Constant is { } times)
            return other.Scaled(times, of => others(of) * times);
        if (Kind == MetricKind.Money && other.Kind == MetricKind.Money)
            throw Refused("Amounts of money cannot be multiplied by each other", position);
        if (Kind == MetricKind.Money || other.Kind == MetricKind.Money)
            return product with { Kind = MetricKind.Money, Unit = Currency };
        if (Kind == MetricKind.Ratio)
            return product with { Kind = other.Kind == MetricKind.Count ? MetricKind.Rate : other.Kind, Unit = other.Unit };
        return other.Kind == MetricKind.Ratio ? product with { Kind = Kind == MetricKind.Count ? MetricKind.Rate : Kind, Unit = Unit } : product;
    }

    private FormulaTerm Divided(FormulaTerm other, int position)
    {
        var (own, others) = (Value, other.Value);
        if (other.Constant is { } divisor)
        {
            if (divisor == 0)
                throw new FormulaException("Nothing can be divided by zero.", position);
            return Constant is { } a
                ? this with { Value = _ => Outcome.Of(a / divisor), Constant = Checked(() => a / divisor, position) }
                : Scaled(1 / divisor, of => own(of).Over(divisor));
        }

        var quotient = new FormulaTerm(
            MetricKind.Rate, $"{Unit} per {other.Unit}", Definitions.Additivity.NonAdditive, false, of => Outcome.Ratio(own(of), others(of)));
        if (Unit == other.Unit)
            return quotient with { Kind = MetricKind.Ratio, Unit = "ratio" };
        if (other.Kind == MetricKind.Money)
            return quotient;
        if (Kind == MetricKind.Money)
            return quotient with { Kind = MetricKind.Money, Unit = Currency };
        return other.Kind == MetricKind.Ratio && Kind is { } kind
            ? quotient with { Kind = kind == MetricKind.Count ? MetricKind.Rate : kind, Unit = Unit }
            : quotient;
    }

    /// <summary>So many times as much: it adds up as before. Parts of what is counted are no counts, and a share many times is none.</summary>
    private FormulaTerm Scaled(decimal factor, Func<Func<MetricDefinition, Outcome>, Outcome> value) => this with
    {
        Kind = (Kind == MetricKind.Count && factor != decimal.Truncate(factor)) || Kind == MetricKind.Ratio ? MetricKind.Rate : Kind,
        Unit = Kind == MetricKind.Ratio ? PlainNumber : Unit,
        Value = value,
    };

    private static decimal Checked(Func<decimal> value, int position)
    {
        try
        {
            return value();
        }
        catch (OverflowException)
        {
            throw new FormulaException("The number is too large.", position);
        }
    }

    private static FormulaException Refused(string what, int position) => new(what + ".", position);

    private static string Words(FormulaTerm term) =>
        term.Kind == MetricKind.Money ? "money" : $"a {term.Kind!.Value.ToString().ToLowerInvariant()} ({term.Unit})";
}
