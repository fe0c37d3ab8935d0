using System.Data.Common;
using System.Diagnostics;
using CrmGraph.Data.Statements;
using CrmGraph.TestKit;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace CrmGraph.Reporting.Tests.Querying;

/// <summary>The SQL that is sent to one test's database while the log is open.</summary>
internal sealed class StatementLog : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private readonly List<IDisposable> _subscriptions = [];
    private readonly string _database;
    private readonly Lock _gate = new();

    public StatementLog(TestDatabase database)
    {
        using var context = database.CreateContext();
        _database = NameOf(context.Database.GetDbConnection());
        _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
    }

    public List<string> Statements { get; } = [];

    /// <summary>How many of them were kept and did not go through EF.</summary>
    public int Kept { get; private set; }

    /// <summary>The statements with copies of their parameters.</summary>
    public List<LoggedStatement> Logged { get; } = [];

    /// <summary>Called before each statement is sent, with its number from 1 on and whether it is part of a transaction.</summary>
    public Action<int, bool>? Sending { get; init; }

    public void Dispose() => _subscriptions.ForEach(s => s.Dispose());

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name is DbLoggerCategory.Name or StatementCache.DiagnosticName)
            _subscriptions.Add(value.Subscribe(this));
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        var command = value switch
        {
            { Value: DbCommand kept } => kept,
            { Value: CommandEventData executing } when value.Key == RelationalEventId.CommandExecuting.Name => executing.Command,
            _ => null,
        };
        if (command?.Connection is not { } connection || NameOf(connection) != _database)
            return;
        int number;
        lock (_gate)
        {
            Statements.Add(command.CommandText);
            Logged.Add(new(command.CommandText, [.. command.Parameters.Cast<DbParameter>().Select(Copy)]));
            number = Statements.Count;
            Kept += value.Value is DbCommand ? 1 : 0;
        }

        Sending?.Invoke(number, command.Transaction is not null);
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    private static DbParameter Copy(DbParameter parameter) =>
        parameter is ICloneable cloneable ? (DbParameter)cloneable.Clone() : new SqliteParameter(parameter.ParameterName, parameter.Value);

    private static string NameOf(DbConnection connection) => connection.DataSource + "/" + connection.Database;
}

/// <summary>A statement as it was sent.</summary>
internal sealed record LoggedStatement(string Text, IReadOnlyList<DbParameter> Parameters);
