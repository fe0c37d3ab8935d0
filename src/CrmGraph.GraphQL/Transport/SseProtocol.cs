using System.Buffers;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Execution.Response;

namespace CrmGraph.GraphQL.Transport;

/// <summary>
/// Server-Sent Events by the graphql-sse protocol, distinct connections mode: <c>next</c> events with responses, one <c>complete</c>, and a
/// comment when nothing was said for <see cref="GraphQLLimits.KeepAliveSeconds"/>. The next response is made only when the one before was taken.
/// </summary>
internal sealed class SseProtocol(TimeProvider time, GraphQLLimits limits, ErrorLabels? labels)
{
    private static ReadOnlySpan<byte> Next => "event: next\ndata: "u8;
    private static readonly byte[] End = "\n\n"u8.ToArray();
    private static readonly byte[] Complete = "event: complete\ndata: \n\n"u8.ToArray();
    private static readonly byte[] KeepAlive = ":\n\n"u8.ToArray();

    public async Task WriteAsync(ExecutionResult result, Stream output, CancellationToken cancellationToken)
    {
        try
        {
            if (result.Stream is null)
                await WriteNextAsync(result, output, cancellationToken);
            else
                await WriteStreamAsync(result.Stream, output, cancellationToken);
            await output.WriteAsync(Complete, cancellationToken);
            await output.FlushAsync(cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client has gone.
        }
    }

    private async Task WriteStreamAsync(IAsyncEnumerable<ExecutionResult> stream, Stream output, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var responses = stream.GetAsyncEnumerator(ending.Token);
        // Begun before anything is written: a stream that was never begun could not end either, and would keep what it holds.
        Task<bool>? moving = responses.MoveNextAsync().AsTask();
        try
        {
            await output.WriteAsync(KeepAlive, cancellationToken);
            await output.FlushAsync(cancellationToken);
            while (true)
            {
                moving ??= responses.MoveNextAsync().AsTask();
                if (!await ArrivesAsync(moving, cancellationToken))
                {
                    await output.WriteAsync(KeepAlive, cancellationToken);
                    await output.FlushAsync(cancellationToken);
                    continue;
                }

                if (!await moving)
                    return;
                moving = null;
                await WriteNextAsync(responses.Current, output, cancellationToken);
            }
        }
        finally
        {
            await ending.CancelAsync();
            // An enumerator may be disposed only when it does not run.
            if (moving is not null)
                await ((Task)moving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await responses.DisposeAsync();
        }
    }

    private async Task<bool> ArrivesAsync(Task<bool> moving, CancellationToken cancellationToken)
    {
        if (moving.IsCompleted)
            return true;
        try
        {
            await moving.WaitAsync(TimeSpan.FromSeconds(limits.KeepAliveSeconds), time, cancellationToken);
            return true;
        }
        catch (TimeoutException) when (!moving.IsCompleted)
        {
            return false;
        }
    }

    private async Task WriteNextAsync(ExecutionResult response, Stream output, CancellationToken cancellationToken)
    {
        // JSON written by us has no line breaks, so one data line carries it.
        var buffer = new ArrayBufferWriter<byte>(1024);
        buffer.Write(Next);
        response.WriteTo(buffer, labels);
        buffer.Write(End);
        await output.WriteAsync(buffer.WrittenMemory, cancellationToken);
        await output.FlushAsync(cancellationToken);
    }
}
