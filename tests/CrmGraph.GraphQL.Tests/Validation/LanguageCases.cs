using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Xunit;

namespace CrmGraph.GraphQL.Tests.Validation;

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
}

/// <summary>The cases that <c>tests/conformance/language/cases.mjs</c> makes: some thousand documents from a fixed seed, judged by graphql-js.</summary>
public sealed class LanguageCases : IAsyncLifetime
{
    /// <summary>How many, and from which seed: another pair in the environment looks further than every run can.</summary>
    private static string Arguments => Environment.GetEnvironmentVariable("CRMGRAPH_LANGUAGE_CASES") ?? "1800 20250901";

    public IReadOnlyList<LanguageCase> All { get; private set; } = [];

    public async Task InitializeAsync()
    {
        var folder = Path.Combine(Root(), "tests", "conformance", "language");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "graphql")))
            await Run("npm", "ci --no-audit --no-fund --loglevel=error", folder);
        var lines = (await Run("node", $"cases.mjs {Arguments}", folder)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        All = [.. lines.Select(l => JsonSerializer.Deserialize<LanguageCase>(l, Options)!)];
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
