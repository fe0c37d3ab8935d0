using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace CrmGraph.Server.Hosting;

/// <summary>
/// A server that stops lets the requests end that it works on. One that is not wholly there 2 seconds after the signal, its head or its body, is not waited for:
/// its client may never send the rest.
/// </summary>
public sealed class LateRequests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource _late = new();

    public LateRequests(IHostApplicationLifetime lifetime) => lifetime.ApplicationStopping.Register(() => _late.CancelAfter(Patience));

    /// <summary>Ends a connection on which then no request is under way: the head of one may be.</summary>
    public async Task WatchAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var open = new OpenConnection(connection);
        connection.Features.Set(open);
        await using var late = _late.Token.UnsafeRegister(static open => ((OpenConnection)open!).EndUnlessServed(), open);
        await next(connection);
    }

    /// <summary>The body of a request, which is aborted when it is waited for too long.</summary>
    public PipeReader BodyOf(HttpContext context) => new ArrivingBody(context, _late.Token);

    public void Dispose() => _late.Dispose();

    private sealed class ArrivingBody(HttpContext context, CancellationToken cancellationToken) : PipeReader
    {
        private readonly CancellationToken _late = cancellationToken;
        private readonly PipeReader _body = context.Request.BodyReader;

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            var read = _body.ReadAsync(cancellationToken);
            return read.IsCompleted ? read : WaitAsync(read);
        }

        public override bool TryRead(out ReadResult result) => _body.TryRead(out result);
        public override void AdvanceTo(SequencePosition consumed) => _body.AdvanceTo(consumed);
        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => _body.AdvanceTo(consumed, examined);
        public override void CancelPendingRead() => _body.CancelPendingRead();
        public override void Complete(Exception? exception = null) => _body.Complete(exception);

        private async ValueTask<ReadResult> WaitAsync(ValueTask<ReadResult> read)
        {
            await using var abort = _late.UnsafeRegister(static context => ((HttpContext)context!).Abort(), context);
            return await read;
        }
    }
}

/// <summary>A connection, and how many requests are under way on it.</summary>
public sealed class OpenConnection(ConnectionContext connection)
{
    private int _requests;

    public void Begin() => Interlocked.Increment(ref _requests);

    public void End() => Interlocked.Decrement(ref _requests);

    public void EndUnlessServed()
    {
        if (Volatile.Read(ref _requests) == 0)
            connection.Abort(new ConnectionAbortedException("The server is stopping."));
    }
}
