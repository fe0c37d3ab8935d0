using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using CrmGraph.Data.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace CrmGraph.Data.Statements;

/// <summary>
/// The statements that were kept for one database, by shape. Use: make a shape (<see cref="Shape"/>), give it the query's expression or
/// whatever names the query, and ask <see cref="Find"/>. What is not known yet is built and given to <see cref="Prepare"/>.
/// </summary>
/// <param name="most">Statements kept; 0 keeps none.</param>
internal sealed class StatementCache(DatabaseEngine engine, int most)
{
    /// <summary>Tells listeners of every statement: the command, before it runs.</summary>
    public const string DiagnosticName = "CrmGraph.Statements";
    private static readonly DiagnosticListener Diagnostics = new(DiagnosticName);

    private readonly Lock _gate = new();
    private readonly Lazy<IModel> _model = new(() =>
    {
        using var context = engine.CreateContext();
        return context.Model;
    });
    // Two generations: when the young one is full it becomes the old one, and what is used again comes back.
    private ConcurrentDictionary<string, Entry> _young = new(StringComparer.Ordinal);
    private ConcurrentDictionary<string, Entry> _old = new(StringComparer.Ordinal);

    public DatabaseEngine Engine { get; } = engine;
    public int Count => _young.Count + _old.Count;

    public ExpressionShape Shape() => new(Engine.ListsByLength);

    /// <summary>Reads these properties of an entity (null for all); null when they cannot be read into columns.</summary>
    public EntityReader<T>? Reader<T>(IReadOnlyList<string>? needed) where T : class => EntityReader<T>.Of(_model.Value, needed);

    /// <summary>The table and the column of a property.</summary>
    public (string Table, string Column) PlaceOf<T>(string property) where T : class
    {
        var type = _model.Value.FindEntityType(typeof(T))!;
        return (type.GetTableName()!, type.FindProperty(property)!.GetColumnName());
    }

    /// <summary>Whether the shape has been seen; its statement is null when it cannot be kept.</summary>
    public bool Find(ExpressionShape shape, out PreparedStatement? statement)
    {
        statement = null;
        if (!shape.IsKnown || most == 0)
            return true;
        if (!_young.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(shape.Text, out var entry))
        {
            if (!_old.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(shape.Text, out entry))
                return false;
            Add(shape.Text.ToString(), entry);
        }

        statement = entry.Statement;
        return true;
    }

    /// <summary>Translates the query and keeps its statement; null, and never tried again, when that is not safe.</summary>
    /// <param name="form">Comes back as <see cref="PreparedStatement.Form"/>.</param>
    public PreparedStatement? Prepare(ExpressionShape shape, IQueryable query, object? form = null)
    {
        if (!shape.IsKnown)
            return null;
        var statement = PreparedStatement.Of(shape, query, Engine, form);
        Add(shape.Text.ToString(), new(statement));
        return statement;
    }

    /// <summary>One that was written by hand, without values.</summary>
    public PreparedStatement Written(string sql) => PreparedStatement.Of(sql, Engine);

    /// <summary>Queries of this shape go through EF from now on.</summary>
    public void Refuse(ExpressionShape shape) => Add(shape.Text.ToString(), new(null));

    internal static bool IsHeard => Diagnostics.IsEnabled();

    internal static void Announce(DbCommand command) => Diagnostics.Write("Executing", command);

    private void Add(string text, Entry entry)
    {
        _young[text] = entry;
        if (_young.Count <= most / 2)
            return;
        lock (_gate)
        {
            if (_young.Count <= most / 2)
                return;
            _old = _young;
            _young = new(StringComparer.Ordinal);
        }
    }

    private sealed record Entry(PreparedStatement? Statement);
}
