using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Execution.Running;
using CrmGraph.GraphQL.Planning;
using CrmGraph.GraphQL.Types;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CrmGraph.Data.Database.Moments;

/// <summary>
/// Scopes in which the <see cref="CrmDbContext"/>, and so every scoped service that takes one, reads one <see cref="DataMoment"/>. The moment is opened
/// by the first field that reads. A scope keeps its connection until it is disposed.
/// </summary>
/// <param name="end">What becomes of the moment when the operation has ended; null when it outlives it.</param>
internal sealed class MomentScopes(
    IServiceProvider services,
    PlannedReads reads,
    Func<CancellationToken, Task<DataMoment>> open,
    Action<DataMoment>? end) : ReadScopes
{
    private readonly Lock _gate = new();
    private Task<DataMoment>? _moment;
    private int _left = reads.Count;
    private bool _isOver;

    /// <summary>For operations that read more than once. A single statement needs no transaction.</summary>
    public static ReadScopesFactory Factory(IServiceProvider services)
    {
        var engine = services.GetRequiredService<DatabaseEngine>();
        var log = (services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger<DataMoment>();
        // Nothing that the client waits for comes after the last read.
        Action<DataMoment> end = moment => engine.Endings.Begin(moment, log);
        return reads => reads.Count < 2 ? null : new MomentScopes(services, reads, stop => DataMoment.OpenAsync(engine, reads.Concurrent, stop), end);
    }

    /// <summary>Whether the statement that is about to be sent is the operation's last, so that the moment's transaction may end with it, or need not begin.</summary>
    /// <param name="spared">Planned reads that are not made, because the statement brings what they would read.</param>
    public bool TryEnd(int spared)
    {
        if (end is null || reads.Concurrent)
            return false;
        lock (_gate)
            return _isOver = _left <= spared;
    }

    public override async ValueTask<ReadScope> OpenAsync(int reads, CancellationToken cancellationToken)
    {
        Task<DataMoment> moment;
        lock (_gate)
        {
            if (_isOver)
                throw new InvalidOperationException("A field reads after the statement that was the operation's last by its plan.");
            _left -= reads;
            moment = _moment ??= open(cancellationToken);
        }

        return new MomentScope(services, this, await (await moment).CreateContextAsync(cancellationToken));
    }

    public override async ValueTask DisposeAsync()
    {
        if (end is null || _moment is not { } opened)
            return;
        // One that could not be opened has told so to every field that wanted it.
        await ((Task)opened).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (opened.IsCompletedSuccessfully)
            end(await opened);
    }
}

/// <summary>One field's place in a data moment. Services are made only for fields that want more than prepared statements.</summary>
internal sealed class MomentScope(IServiceProvider services, MomentScopes scopes, DataMomentContext lease) : ReadScope
{
    private readonly Lock _gate = new();
    private AsyncServiceScope? _scope;

    public MomentScopes Moments { get; } = scopes;
    public ReadTransaction Reading => lease.Reading;

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
            await scope.DisposeAsync();
        await lease.DisposeAsync();
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
    private readonly ReadScopesFactory _scopes = reads => new MomentScopes(services, reads, _ => Task.FromResult(moment), end: null);

    public object? GetService(Type serviceType) => serviceType == typeof(ReadScopesFactory) ? _scopes : services.GetService(serviceType);
}
