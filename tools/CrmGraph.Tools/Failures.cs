using System.Data.Common;
using CrmGraph.Data.Database;
using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting;
using CrmGraph.Reporting.Imports;

namespace CrmGraph.Tools;

/// <summary>A command cannot be done. The message says what would be right.</summary>
public sealed class CommandException(string message) : Exception(message);

/// <summary>Exit codes: 0 done, 1 not done, 2 wrong usage, 130 stopped by Ctrl+C. What went wrong goes to standard error in one line.</summary>
public static class Failures
{
    public const int Failed = 1;
    public const int WrongUsage = 2;
    private const int Stopped = 130;

    public static async Task<int> ExplainAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped.");
            return Stopped;
        }
        catch (GraphQLException e)
        {
            return await SayAsync($"{e.Message} ({e.Error.Code})");
        }
        catch (ValidationException e)
        {
            return await SayAsync($"{e.Message} ({e.Code})");
        }
        catch (Exception e) when (e is CommandException or ArgumentException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return await SayAsync(e.Message);
        }
        catch (Exception e) when (DatabaseEngine.IsFull(e))
        {
            return await SayAsync(
                $"The disk of the database is full. Nothing is half written; make room and run the command again. ({ImportErrorCodes.StorageFull})");
        }
        catch (DbException e)
        {
            return await SayAsync($"The database refused: {e.Message}");
        }
    }

    private static async Task<int> SayAsync(string message)
    {
        await Console.Error.WriteLineAsync("error: " + message);
        return Failed;
    }
}
