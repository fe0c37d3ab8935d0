using CrmGraph.Server;

// The whole server in order: CrmServer.CreateAsync reads the settings, opens the database and lays the pipeline; here it starts, says where it
// is, and runs until it is told to stop.
if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(Announcement.Help);
    return 0;
}

// With inline completions the threads that wait for sockets run requests. When a statement ends while it is being cancelled, Npgsql waits there for the
// cancellation, which waits for its own socket: for the driver's 15 s nothing is answered at all. Read by the runtime when the first socket is made.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", null);

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
