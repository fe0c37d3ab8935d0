using CrmGraph.Server;

// The whole server in order: CrmServer.CreateAsync reads the settings, opens the database and lays the pipeline; here it starts, says where it
// is, and runs until it is told to stop.
if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(Announcement.Help);
    return 0;
}

try
{
    await using var server = await CrmServer.CreateAsync(args);
    await server.App.StartAsync();
    Console.WriteLine(Announcement.Of(server));
    await server.App.WaitForShutdownAsync();
    return 0;
}
catch (Exception e) when (StartFailure.Explain(e) is { } reason)
{
    await Console.Error.WriteLineAsync("CrmGraph did not start: " + reason);
    return 1;
}
