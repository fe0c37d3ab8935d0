using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace CrmGraph.Benchmarks;

/// <summary>The statements that are sent while it lives, and how long each of EF's took until its first row.</summary>
internal sealed class StatementCounter : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private readonly List<IDisposable> _subscriptions = [];
    private readonly Lock _gate = new();

    public StatementCounter() => _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));

    public List<(string Sql, TimeSpan Time)> Statements { get; } = [];

    public void Dispose() => _subscriptions.ForEach(s => s.Dispose());

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name is DbLoggerCategory.Name or "CrmGraph.Statements")
            _subscriptions.Add(value.Subscribe(this));
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is System.Data.Common.DbCommand kept)
            lock (_gate)
                Statements.Add((kept.CommandText, default));
        if (value.Key != RelationalEventId.CommandExecuted.Name || value.Value is not CommandExecutedEventData command)
            return;
        var parameters = string.Join(", ", command.Command.Parameters.Cast<System.Data.Common.DbParameter>().Select(p => $"{p.ParameterName}={p.Value}"));
        lock (_gate)
            Statements.Add(($"{command.Command.CommandText}\n-- {parameters}", command.Duration));
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }
}
