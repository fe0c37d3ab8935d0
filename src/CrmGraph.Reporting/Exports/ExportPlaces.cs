using CrmGraph.GraphQL.Errors;

namespace CrmGraph.Reporting.Exports;

/// <summary>How many exports are under way, from their first row to their last byte: in all, and for each caller. Thread-safe.</summary>
public sealed class ExportPlaces(CrmLimits limits)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _ofCaller = [];
    private int _all;

    /// <summary>A place, given back when it is disposed.</summary>
    /// <exception cref="GraphQLException">There is none, for this caller or for anybody.</exception>
    public IDisposable Enter(string caller)
    {
        lock (_lock)
        {
            if (_ofCaller.GetValueOrDefault(caller) >= limits.ExportsPerCaller)
                throw new GraphQLException(
                    ExportErrorCodes.TooMany,
                    $"{limits.ExportsPerCaller} exports of yours are under way, as many as may be; read one to its end first.");
            if (_all >= limits.Exports)
                throw new GraphQLException(ErrorCodes.Overloaded, $"{limits.Exports} exports are under way, as many as may be; try again later.");
            _all++;
            _ofCaller[caller] = _ofCaller.GetValueOrDefault(caller) + 1;
        }

        return new Place(this, caller);
    }

    private void Leave(string caller)
    {
        lock (_lock)
        {
            _all--;
            if (--_ofCaller[caller] == 0)
                _ofCaller.Remove(caller);
        }
    }

    private sealed class Place(ExportPlaces places, string caller) : IDisposable
    {
        private int _isLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isLeft, 1) == 0)
                places.Leave(caller);
        }
    }
}
