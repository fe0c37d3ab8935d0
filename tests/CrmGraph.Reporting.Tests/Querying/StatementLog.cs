using System.Data.Common;
using System.Diagnostics;
using CrmGraph.TestKit;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace CrmGraph.Reporting.Tests.Querying;

/// <summary>The SQL that EF sends to one test's database while the log is open.</summary>
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

    /// <summary>The statements with copies of their parameters.</summary>
    public List<LoggedStatement> Logged { get; } = [];

    /// <summary>Called before each statement is sent, with its number from 1 on and whether it is part of a transaction.</summary>
    public Action<int, bool>? Sending { get; init; }

    public void Dispose() => _subscriptions.ForEach(s => s.Dispose());

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == DbLoggerCategory.Name)
            _subscriptions.Add(value.Subscribe(this));
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key != RelationalEventId.CommandExecuting.Name || value.Value is not CommandEventData command || NameOf(command.Connection) != _database)
            return;
        int number;
        lock (_gate)
        {
            Statements.Add(command.Command.CommandText);
            Logged.Add(new(command.Command.CommandText, [.. command.Command.Parameters.Cast<DbParameter>().Select(Copy)]));
            number = Statements.Count;
        }

        Sending?.Invoke(number, command.Command.Transaction is not null);
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
