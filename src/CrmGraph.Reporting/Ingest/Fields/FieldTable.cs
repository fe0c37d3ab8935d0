using System.Linq.Expressions;
using System.Reflection;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Ingest.Fields;

/// <summary>
/// The fields of a kind of record, a line each: in their order they are read from files and checked. A line says what is checked, and how and
/// where the value is stored; <see cref="Own"/> leaves that to the rules of the kind.
/// </summary>
internal sealed class FieldTable<TRecord, TRow> where TRecord : IngestRecord
{
    private static readonly Func<CrmLimits, int> Names = limits => limits.NameCharacters;

    private readonly List<Field<TRecord, TRow>> _fields = [];

    public IReadOnlyList<Field> Fields => _fields;

    public void Check(TRecord record, Check check)
    {
        foreach (var field in _fields)
            field.Check?.Invoke(record, check);
    }

    public void Set(TRecord record, TRow row, ref Change change)
    {
        foreach (var field in _fields)
            field.Set?.Invoke(record, row, ref change);
    }

    public void Fill(TRow keep, TRow lose)
    {
        foreach (var field in _fields)
            field.Fill?.Invoke(keep, lose);
    }

    public FieldTable<TRecord, TRow> Own<T>(string name, Expression<Func<TRecord, T>> given, bool isClearable = false)
        => Add(new(name, Property(given)) { IsClearable = isClearable });

    /// <summary>A text that no row is without; what stands in for a missing one counts as missing.</summary>
    public FieldTable<TRecord, TRow> Required(
        string name, Expression<Func<TRecord, Optional<string?>>> given, Expression<Func<TRow, string>> stored,
        Func<TRecord, TRow, string?>? standIn = null, Func<CrmLimits, int>? maximum = null)
    {
        var (read, get, write) = (Getter(given), Getter(stored), Setter(stored));
        return Add(new(name, Property(given))
        {
            Check = (record, check) => check.Required(read(record), name, (maximum ?? Names)(check.Limits)),
            Set = (TRecord record, TRow row, ref Change change) =>
                write(row, change.OfText(get(row), Stored.Text(read(record).Value), get(row) == standIn?.Invoke(record, row))),
        });
    }

    /// <summary>The outside key stands in for a missing name.</summary>
    public FieldTable<TRecord, TRow> Name(Expression<Func<TRecord, Optional<string?>>> given, Expression<Func<TRow, string>> stored)
        => Required("name", given, stored, (record, _) => record.Key.Key);

    public FieldTable<TRecord, TRow> Text(
        string name, Expression<Func<TRecord, Optional<string?>>> given, Expression<Func<TRow, string?>> stored, Func<CrmLimits, int>? maximum = null)
        => Add(Line(name, given, stored, Stored.Text, (check, text) => check.Text(text, name, (maximum ?? Names)(check.Limits))));

    public FieldTable<TRecord, TRow> Email(string name, Expression<Func<TRecord, Optional<string?>>> given, Expression<Func<TRow, string?>> stored)
        => Add(Line(name, given, stored, Stored.Text, (check, text) => check.Email(text, name, check.Limits.NameCharacters)));

    public FieldTable<TRecord, TRow> Moment(
        string name, Expression<Func<TRecord, Optional<DateTime>>> given, Expression<Func<TRow, DateTime>> stored, Func<TRecord, TRow, bool>? isMissing = null)
        => Add(Line(name, given, stored, Stored.Moment, (check, moment) => check.Moment(moment, name), isMissing));

    public FieldTable<TRecord, TRow> Moment(string name, Expression<Func<TRecord, Optional<DateTime?>>> given, Expression<Func<TRow, DateTime?>> stored)
        => Add(Line(name, given, stored, Stored.Moment, (check, moment) => check.Moment(moment, name)));

    public FieldTable<TRecord, TRow> Day(string name, Expression<Func<TRecord, Optional<DateOnly?>>> given, Expression<Func<TRow, DateOnly?>> stored)
        => Add(Line(name, given, stored, day => day, (check, day) => check.Day(day, name)));

    /// <summary>Money, never negative.</summary>
    public FieldTable<TRecord, TRow> Amount(string name, Expression<Func<TRecord, Optional<decimal?>>> given, Expression<Func<TRow, long?>> stored)
        => Add(Line(name, given, stored, Stored.Amount, (check, amount) => check.Amount(amount, name)));

    public FieldTable<TRecord, TRow> Weight(string name, Expression<Func<TRecord, Optional<decimal?>>> given, Expression<Func<TRow, long?>> stored)
        => Add(Line(name, given, stored, Stored.Amount, (check, weight) => check.Weight(weight, name)));

    public FieldTable<TRecord, TRow> Integer(
        string name, Expression<Func<TRecord, Optional<int?>>> given, Expression<Func<TRow, int?>> stored, int minimum, int maximum)
        => Add(Line(name, given, stored, number => number, (check, number) => check.Range(number, minimum, maximum, name)));

    /// <summary>Whether it is written depends on the money that it belongs to.</summary>
    public FieldTable<TRecord, TRow> Currency(Expression<Func<TRecord, Optional<string?>>> given) => Add(new("currency", Property(given))
    {
        IsCurrency = true, Check = Checked(Getter(given), (check, code) => check.Currency(code, "currency")),
    });

    /// <summary>A value that is stored as it is given.</summary>
    public FieldTable<TRecord, TRow> Value<T>(string name, Expression<Func<TRecord, Optional<T>>> given, Expression<Func<TRow, T>> stored)
        => Add(Line(name, given, stored, value => value));

    public FieldTable<TRecord, TRow> PastDay(string name, Expression<Func<TRecord, Optional<DateOnly?>>> given, Expression<Func<TRow, DateOnly?>> stored)
        => Add(Line(name, given, stored, day => day) with { IsPast = true });

    public FieldTable<TRecord, TRow> Percent(string name, Expression<Func<TRecord, Optional<int?>>> given, Expression<Func<TRow, int?>> stored)
        => Add(Line(name, given, stored, percent => percent) with { IsPercent = true });

    private static Field<TRecord, TRow> Line<TGiven, TStored>(
        string name, Expression<Func<TRecord, Optional<TGiven>>> given, Expression<Func<TRow, TStored>> stored, Func<TGiven, TStored> store,
        Action<Check, TGiven>? check = null, Func<TRecord, TRow, bool>? isMissing = null)
    {
        var (read, get, write) = (Getter(given), Getter(stored), Setter(stored));
        return new(name, Property(given))
        {
            IsClearable = default(TStored) is null,
            Check = check is null ? null : Checked(read, check),
            Set = (TRecord record, TRow row, ref Change change) =>
            {
                if (read(record) is { HasValue: true, Value: var value })
                    write(row, change.Of(get(row), store(value), isMissing?.Invoke(record, row) == true));
            },
            Fill = (keep, lose) => write(keep, get(keep) ?? get(lose)),
        };
    }

    private FieldTable<TRecord, TRow> Add(Field<TRecord, TRow> field)
    {
        _fields.Add(field);
        return this;
    }

    private static Action<TRecord, Check> Checked<T>(Func<TRecord, Optional<T>> read, Action<Check, T> check) => (record, to) =>
    {
        if (read(record) is { HasValue: true, Value: var value })
            check(to, value);
    };

    // Delegates of the accessors themselves: reflection once, none for each row.
    private static PropertyInfo Property(LambdaExpression of) => (PropertyInfo)((MemberExpression)of.Body).Member;
    private static Func<T, TValue> Getter<T, TValue>(Expression<Func<T, TValue>> of) => Property(of).GetMethod!.CreateDelegate<Func<T, TValue>>();
    private static Action<T, TValue> Setter<T, TValue>(Expression<Func<T, TValue>> of) => Property(of).SetMethod!.CreateDelegate<Action<T, TValue>>();
}
