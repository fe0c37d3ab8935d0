using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CrmGraph.Data.Database;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Benchmarks;

/// <summary>Runs one operation many times, one after the other, and prints what it took. Work is this process's: SQLite's is in it, PostgreSQL's is not.</summary>
internal sealed class OperationRunner(IServiceProvider services, int runs, bool printSql, string? only)
{
    private const int WarmUpRuns = 8;
    private readonly RequestExecutor _executor = services.GetRequiredService<RequestExecutor>();
    private readonly string _engine = services.GetRequiredService<DatabaseEngine>().Name;

    public static void Head() => Console.WriteLine($"{"",-12}{"operation",-48}{"median",9}{"p95",9}{"min",9}{"CPU",9}{"statements",12}{"bytes",10}");

    public async Task MeasureAsync(string name, string query, object? variables)
    {
        if (only is not null && !name.Contains(only, StringComparison.OrdinalIgnoreCase))
            return;
        var request = new GraphQLRequest(query) { Variables = variables is null ? default : JsonSerializer.SerializeToElement(variables) };
        var bytes = 0;
        for (var i = 0; i < WarmUpRuns; i++)
            bytes = await OnceAsync(request);
        var statements = await CountAsync(request);
        await Task.Delay(TimeSpan.FromSeconds(1.2));
        await OnceAsync(request);
        var times = new double[runs];
        var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        for (var i = 0; i < runs; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await OnceAsync(request);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        process.Refresh();
        var work = (process.TotalProcessorTime - cpu).TotalMilliseconds / runs;
        Array.Sort(times);
        Console.WriteLine($"{_engine,-12}{name,-48}{Ms(times[runs / 2]),9}{Ms(times[Math.Min(runs - 1, (int)(runs * 0.95))]),9}"
            + $"{Ms(times[0]),9}{Ms(work),9}{statements,12}{bytes,10}");
    }

    private async Task<int> OnceAsync(GraphQLRequest request)
    {
        var result = await _executor.ExecuteAsync(request, new RequestState().Set(Caller.System), services, CancellationToken.None);
        if (result.Errors.Count > 0)
            throw new InvalidOperationException(string.Join("; ", result.Errors.Select(e => e.Message)));
        var answer = new ArrayBufferWriter<byte>(1 << 16);
        result.WriteTo(answer);
        return answer.WrittenCount;
    }

    private async Task<int> CountAsync(GraphQLRequest request)
    {
        using var log = new StatementCounter();
        // EF looks once a second whether anyone listens.
        await Task.Delay(TimeSpan.FromSeconds(1.2));
        await OnceAsync(request);
        if (printSql)
            foreach (var (sql, time) in log.Statements)
                Console.WriteLine($"-- {Ms(time.TotalMilliseconds)}\n{sql}\n");
        return log.Statements.Count;
    }

    private static string Ms(double milliseconds) => milliseconds.ToString("0.0", CultureInfo.InvariantCulture) + " ms";
}
