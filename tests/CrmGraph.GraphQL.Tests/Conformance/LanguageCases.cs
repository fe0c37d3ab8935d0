using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Xunit;

namespace CrmGraph.GraphQL.Tests.Conformance;

/// <summary>An error as graphql-js reports it; places are pairs of line and column.</summary>
public sealed record JudgedError(string? Rule, int[][] At, string Message);

/// <summary>A syntax error as graphql-js reports it.</summary>
public sealed record JudgedSyntax(int[] At, string Message);

/// <summary>A text and what graphql-js says of it.</summary>
public sealed record LanguageCase(string Kind)
{
    public int Schema { get; init; }
    public string? Name { get; init; }
    public string? Sdl { get; init; }

    /// <summary>UTF-16, which may hold halves of surrogate pairs.</summary>
    [JsonPropertyName("text")]
    public byte[] Utf16 { get; init; } = [];

    [JsonIgnore]
    public string Text => new(MemoryMarshal.Cast<byte, char>(Utf16));

    public JudgedSyntax? Syntax { get; init; }
    public JudgedError[]? Errors { get; init; }
    public JudgedError[]? SchemaErrors { get; init; }
    public string[]? Types { get; init; }
    public string[]? Changes { get; init; }
    public string? Printed { get; init; }

    /// <summary>The kinds of changes from this schema back to the one that it was made of.</summary>
    public string[]? Back { get; init; }
    public string? IntrospectionQuery { get; init; }
    public string? Introspection { get; init; }

    // What an execution gets ...
    public string? Operation { get; init; }
    public string? Variables { get; init; }
    public int Mood { get; init; }
    public uint Seed { get; init; }

    // ... and answers.
    public JudgedError[]? VariableErrors { get; init; }
    public string? Coerced { get; init; }
    public JudgedResult[]? Results { get; init; }
}

/// <summary>A response of graphql-js; data is JSON.</summary>
public sealed record JudgedResult(string? Data, JudgedFieldError[] Errors);

/// <summary>An error of a response; the path is JSON.</summary>
public sealed record JudgedFieldError(string Path, int[][] At, string Message);

/// <summary>The cases that <c>tests/conformance/language/cases.mjs</c> makes: some thousand documents from a fixed seed, judged by graphql-js.</summary>
[CollectionDefinition(nameof(LanguageCases))]
public sealed class LanguageCases : IAsyncLifetime, ICollectionFixture<LanguageCases>
{
    /// <summary>How many, and from which seed: another pair in the environment looks further than every run can.</summary>
    private static string[] Arguments
    {
        get
        {
            var given = (Given ?? "8000 20250901").Split(' ').Select(static n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray();
            return [$"{given[0] / 2} {given[1]}", $"{given[0] - (given[0] / 2)} {unchecked((uint)~given[1])}"];
        }
    }

    private static string? Given => Environment.GetEnvironmentVariable("CRMGRAPH_LANGUAGE_CASES");

    /// <summary>The cases of every run, not others on demand.</summary>
    public static bool IsUsual => Given is null;

    public IReadOnlyList<LanguageCase> All { get; private set; } = [];

    public async Task InitializeAsync()
    {
        var folder = Path.Combine(Root(), "tests", "conformance", "language");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "graphql")))
            await Run("npm", "ci --no-audit --no-fund --loglevel=error", folder);
        // Half from each of two seeds, at the same time.
        var halves = await Task.WhenAll(Arguments.Select(a => Run("node", $"cases.mjs {a}", folder)));
        var cases = halves.Select(
            static h => h.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static l => JsonSerializer.Deserialize<LanguageCase>(l, Options)!)
                .ToList()).ToList();
        All = [.. cases[0], .. cases[1].Where(static c => c.Kind != "schema")];
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CrmGraph.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests must run inside the repository.");
    }

    private static async Task<string> Run(string program, string arguments, string folder)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {arguments} failed: {await errors}");
        return output;
    }
}
