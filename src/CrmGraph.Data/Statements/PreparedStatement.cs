using System.Collections;
using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;
using CrmGraph.Data.Database;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Data.Statements;

/// <summary>
/// The SQL that EF made for a shape, and which value goes into which parameter. It is kept only when every parameter was traced to a value and
/// holds exactly what our own conversion makes of that value; otherwise the query goes through EF each time.
/// </summary>
internal sealed partial class PreparedStatement
{
    private readonly DatabaseEngine _engine;
    private readonly PreparedParameter[] _parameters;
    private bool _checked;

    private PreparedStatement(DatabaseEngine engine, string sql, PreparedParameter[] parameters)
    {
        _engine = engine;
        Sql = sql;
        _parameters = parameters;
    }

    public string Sql { get; }

    /// <summary>How its result is read, where whoever keeps it wants to remember that.</summary>
    public object? Form { get; init; }

    /// <summary>One that was written by hand, without values.</summary>
    public static PreparedStatement Of(string sql, DatabaseEngine engine) => new(engine, sql, []);

    /// <summary>Translates a query of a shape; null when it cannot be kept. Every value of the shape must stand in the query where the shape says.</summary>
    public static PreparedStatement? Of(ExpressionShape shape, IQueryable query, DatabaseEngine engine, object? form)
    {
        if (!shape.IsKnown)
            return null;
        var slots = new SlotValues(shape.Values);
        var expression = slots.Visit(query.Expression);
        if (slots.HasStrays)
            return null;
        using var command = query.Provider.CreateQuery(expression).CreateDbCommand();
        var parameters = new PreparedParameter[command.Parameters.Count];
        for (var i = 0; i < parameters.Length; i++)
        {
            if (Trace(command.Parameters[i], shape.Values, engine) is not { } traced)
                return null;
            parameters[i] = traced;
            slots.Used.Remove(traced.Value);
        }

        // A value that is in no parameter has become part of the SQL, or has been left out for what it was.
        return slots.Used.Count == 0 ? new(engine, engine.KeptSql(command.CommandText, parameters), parameters) { Form = form } : null;
    }

    /// <summary>A command with the values of a shape equal to the one that was kept; the caller disposes it.</summary>
    public DbCommand Bind(DbConnection connection, DbTransaction? transaction, IReadOnlyList<ShapeValue> values)
    {
        var command = _engine.CreateKeptCommand(connection, Sql);
        command.Transaction = transaction;
        Add(command.Parameters, values);
        return command;
    }

    /// <summary>The same with the end of the connection's transaction behind it.</summary>
    public DbBatch BindLast(DbConnection connection, IReadOnlyList<ShapeValue> values)
    {
        var batch = _engine.CreateBatch(connection, [Sql, "ROLLBACK"]);
        Add(batch.BatchCommands[0].Parameters, values);
        return batch;
    }

    /// <summary>Several in one; the caller disposes it.</summary>
    /// <param name="byValues">In a transaction: see <see cref="DatabaseEngine.PlanByValues"/>, which has no result.</param>
    public static DbBatch Bind(
        DatabaseEngine engine, DbConnection connection, IReadOnlyList<(PreparedStatement Statement, IReadOnlyList<ShapeValue> Values)> all, bool byValues)
    {
        IReadOnlyList<string> before = byValues && engine.PlanByValues is { } setting ? [setting] : [];
        var batch = engine.CreateBatch(connection, [.. before, .. all.Select(s => s.Statement.Sql)]);
        for (var i = 0; i < all.Count; i++)
            all[i].Statement.Add(batch.BatchCommands[before.Count + i].Parameters, all[i].Values);
        return batch;
    }

    /// <summary>Whether a result has been seen that <see cref="Fits"/>.</summary>
    public bool IsProven => _checked;

    private void Add(DbParameterCollection parameters, IReadOnlyList<ShapeValue> values)
    {
        foreach (var parameter in _parameters)
            _engine.AddKept(parameters, parameter, Value(parameter, values, _engine));
    }

    /// <summary>Whether a result has the columns that the query asked for, in their order. EF reads a column once that is asked for twice.</summary>
    public bool Fits(DbDataReader reader, int columns)
    {
        if (_checked)
            return true;
        if (reader.FieldCount != columns)
            return false;
        for (var i = 0; i < columns; i++)
            if (reader.GetName(i) != WideRow.NameOf(i))
                return false;
        return _checked = true;
    }

    private static PreparedParameter? Trace(DbParameter parameter, IReadOnlyList<ShapeValue> values, DatabaseEngine engine)
    {
        if (SlotName().Match(parameter.ParameterName) is not { Success: true } match)
            return null;
        var value = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        if (value >= values.Count || parameter.Value is not { } sent)
            return null;
        var whole = new PreparedParameter(
            parameter.ParameterName.TrimStart('@'),
            value,
            match.Groups[3].Success ? ParameterPart.ContainsPattern : ParameterPart.Whole,
            0,
            engine.StoreTypeOf(parameter));
        if (Same(sent, Value(whole, values, engine)))
            return whole;
        // The number behind the name is that of an item, or tells apart two uses of one value.
        if (!match.Groups[2].Success || values[value].Value is string or not IEnumerable)
            return null;
        var item = whole with { Part = ParameterPart.Item, Item = int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture) - 1 };
        return item.Item >= 0 && Same(sent, Value(item, values, engine)) ? item : null;
    }

    private static object Value(PreparedParameter parameter, IReadOnlyList<ShapeValue> values, DatabaseEngine engine)
    {
        var value = values[parameter.Value].Value;
        return parameter.Part switch
        {
            ParameterPart.Whole => engine.Stored(value),
            ParameterPart.ContainsPattern => Pattern((string)value),
            // Longer lists are filled up to a round number with their last item.
            _ => engine.Stored(ItemOf((IEnumerable)value, parameter.Item)),
        };
    }

    private static object ItemOf(IEnumerable list, int index)
    {
        object? last = null;
        foreach (var item in list)
        {
            last = item;
            if (index-- == 0)
                break;
        }

        return last!;
    }

    /// <summary>LIKE's pattern for texts that contain a text, as EF writes it.</summary>
    private static string Pattern(string text)
    {
        if (text.Length == 0)
            return "%";
        var escaped = text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal)
            .Replace("_", @"\_", StringComparison.Ordinal);
        return $"%{escaped}%";
    }

    private static bool Same(object sent, object ours) => (sent, ours) switch
    {
        (string a, string b) => string.Equals(a, b, StringComparison.Ordinal),
        (IEnumerable a, IEnumerable b) and not ((string, _) or (_, string)) => a.Cast<object>().SequenceEqual(b.Cast<object>()),
        _ => sent.Equals(ours),
    };

    [GeneratedRegex("^@?v([0-9]+)_(?:([0-9]+)|(_contains))?$")]
    private static partial Regex SlotName();
}
