using Microsoft.AspNetCore.Components.Server.Circuits;

namespace CrmGraph.Dashboard;

/// <summary>How many pages hold a connection, and with it memory.</summary>
internal sealed class CircuitCount(DashboardHost host)
{
    private int _open;

    public bool IsFull => Volatile.Read(ref _open) >= host.Circuits;

    public CircuitHandler Handler() => new Counting(this);

    private sealed class Counting(CircuitCount count) : CircuitHandler
    {
        public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref count._open);
            return Task.CompletedTask;
        }

        public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
        {
            Interlocked.Decrement(ref count._open);
            return Task.CompletedTask;
        }
    }
}
