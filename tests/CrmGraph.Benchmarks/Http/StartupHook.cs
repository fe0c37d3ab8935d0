using System.Globalization;
using System.Runtime.InteropServices;

/// <summary>
/// Loaded by the runtime into each measured process before its own code (DOTNET_STARTUP_HOOKS, which wants this name in no namespace). On signal 10
/// (SIGUSR1 on Linux) it writes the bytes allocated so far to the file named in CRMGRAPH_BENCH_MEMORY. No socket is used, so that the process can
/// still choose its socket settings.
/// </summary>
internal static class StartupHook
{
    public const string FileVariable = "CRMGRAPH_BENCH_MEMORY";
    public const int Signal = 10;

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(FileVariable) is not { Length: > 0 } file)
            return;
        // Kept for the life of the process: the registration ends when it is collected.
        var registration = PosixSignalRegistration.Create((PosixSignal)Signal, context =>
        {
            context.Cancel = true;
            File.WriteAllText(file + ".new", GC.GetTotalAllocatedBytes(true).ToString(CultureInfo.InvariantCulture));
            File.Move(file + ".new", file, overwrite: true);
        });
        AppDomain.CurrentDomain.SetData(nameof(StartupHook), registration);
    }
}
