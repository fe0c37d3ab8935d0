using System.Globalization;

namespace CrmGraph.Benchmarks.Http;

/// <summary>What the end-to-end benchmark was asked to do.</summary>
internal sealed record HttpOptions
{
    public const int PoolSize = 10;

    public required string Database { get; init; }
    /// <summary>The built server's folder: this build's unless said otherwise.</summary>
    public required string Server { get; init; }
    /// <summary>Another built server's folder to compare with; null compares with the hand-written limit.</summary>
    public string? Against { get; init; }
    public IReadOnlyList<string> Only { get; init; } = [];
    public int Rounds { get; init; } = 5;
    public int Seconds { get; init; } = 8;
    public int WarmUpSeconds { get; init; } = 15;
    public int Connections { get; init; } = 16;
    /// <summary>Ask as a representative, who sees his own customers only, instead of an analyst.</summary>
    public bool AsRepresentative { get; init; }

    /// <summary>Null after saying what is wrong.</summary>
    public static HttpOptions? Read(string[] arguments)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var isKnown = arguments[i]
                is "--database" or "--server" or "--against" or "--only" or "--rounds" or "--seconds" or "--warm-up" or "--connections" or "--as";
            if (!isKnown || i + 1 == arguments.Length)
                return Wrong($"http: '{arguments[i]}' is not an option, or has no value.");
            values[arguments[i]] = arguments[i + 1];
        }

        if (!values.TryGetValue("--database", out var database) || !database.Contains("Host=", StringComparison.OrdinalIgnoreCase))
            return Wrong(
                "http: --database 'Host=...;Database=...' is needed, a PostgreSQL database with the generator's company (crmgraph seed --customers 340000).");
        var against = values.GetValueOrDefault("--against");
        return new()
        {
            Database = database,
            Server = values.GetValueOrDefault("--server") ?? ServerFolder(),
            Against = against is null or "limit" ? null : against,
            Only = values.GetValueOrDefault("--only")?.Split(',', StringSplitOptions.TrimEntries) ?? [],
            Rounds = Number(values, "--rounds", 5),
            Seconds = Number(values, "--seconds", 8),
            WarmUpSeconds = Number(values, "--warm-up", 15),
            Connections = Number(values, "--connections", 16),
            AsRepresentative = values.GetValueOrDefault("--as") == "representative",
        };
    }

    // Beside this program: .../tests/CrmGraph.Benchmarks/bin/Release/net10.0/
    private static string ServerFolder()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var root = output.Parent!.Parent!.Parent!.Parent!.Parent!;
        return Path.Combine(root.FullName, "src", "CrmGraph.Server", "bin", output.Parent.Name, output.Name);
    }

    private static int Number(Dictionary<string, string> values, string name, int otherwise) =>
        values.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static HttpOptions? Wrong(string message)
    {
        Console.Error.WriteLine(message);
        return null;
    }
}
