using CrmGraph.GraphQL.Execution;
using CrmGraph.Reporting.Statements;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CrmGraph.Reporting.Database;

/// <summary>
/// Scopes in which the <see cref="CrmDbContext"/>, and so every scoped service that takes one, reads one <see cref="DataMoment"/>. The moment is opened
/// by the first field that reads. A scope keeps its connection until it is disposed.
/// </summary>
/// <param name="end">What becomes of the moment when the operation has ended; null when it outlives it.</param>
internal sealed class MomentScopes(IServiceProvider services, Func<CancellationToken, Task<DataMoment>> open, Action<DataMoment>? end) : ReadScopes
{
    private readonly Lock _gate = new();
    private Task<DataMoment>? _moment;

    /// <summary>For operations that read more than once. A single statement needs no transaction.</summary>
    public static ReadScopesFactory Factory(IServiceProvider services)
    {
        var engine = services.GetRequiredService<DatabaseEngine>();
        var log = (services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger<DataMoment>();
        // Nothing that the client waits for comes after the last read.
        Action<DataMoment> end = moment => engine.Endings.Begin(moment, log);
        return reads => reads.Count < 2 ? null : new MomentScopes(services, stop => DataMoment.OpenAsync(engine, reads.Concurrent, stop), end);
    }

    public override async ValueTask<ReadScope> OpenAsync(CancellationToken cancellationToken)
    {
        Task<DataMoment> moment;
        lock (_gate)
            moment = _moment ??= open(cancellationToken);
        return new MomentScope(services, await (await moment.ConfigureAwait(false)).CreateContextAsync(cancellationToken).ConfigureAwait(false));
    }

    public override async ValueTask DisposeAsync()
    {
        if (end is null || _moment is not { } opened)
            return;
        // One that could not be opened has told so to every field that wanted it.
        await ((Task)opened).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (opened.IsCompletedSuccessfully)
            end(await opened.ConfigureAwait(false));
    }
}

/// <summary>One field's place in a data moment. Services are made only for fields that want more than kept statements.</summary>
internal sealed class MomentScope(IServiceProvider services, DataMomentContext lease) : ReadScope
{
    private readonly Lock _gate = new();
    private AsyncServiceScope? _scope;

    public StatementConnection Statements { get; } = new(services.GetRequiredService<DatabaseEngine>(), lease.Connection, lease.Transaction);

    public override IServiceProvider Services
    {
        get
        {
            lock (_gate)
                return (_scope ??= Open()).ServiceProvider;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (_scope is { } scope)
            await scope.DisposeAsync().ConfigureAwait(false);
        await lease.DisposeAsync().ConfigureAwait(false);
    }

    private AsyncServiceScope Open()
    {
        var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<ScopedMoment>().Lease = lease;
        return scope;
    }
}

/// <summary>The place of a scope in a data moment; without one the scope's context takes a connection for each statement.</summary>
internal sealed class ScopedMoment
{
    public DataMomentContext? Lease { get; set; }
}

/// <summary>The services of operations that all read one moment, which outlives them: the sections of a report.</summary>
public sealed class MomentServices(IServiceProvider services, DataMoment moment) : IServiceProvider
{
    private readonly ReadScopesFactory _scopes = _ => new MomentScopes(services, _ => Task.FromResult(moment), end: null);

    public object? GetService(Type serviceType) => serviceType == typeof(ReadScopesFactory) ? _scopes : services.GetService(serviceType);
}
