namespace CrmGraph.Data.Database;

/// <summary>The SQLite file that server and console use when no database is configured.</summary>
public static class EmbeddedDatabase
{
    /// <summary>XDG_DATA_HOME/crmgraph or ~/.local/share/crmgraph on Linux, below Application Support on macOS, below LocalAppData on Windows; a user without a home gets a folder for temporary files.</summary>
    public static string DefaultFolder
    {
        get
        {
            var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create);
            return Path.Combine(data.Length > 0 ? data : Path.GetTempPath(), "crmgraph");
        }
    }

    public static string FileIn(string folder) => Path.Combine(folder, "crm.db");

    /// <summary>The connection string of the file in this folder. The folder is made, readable by its user alone: it holds customers.</summary>
    public static string ConnectionStringIn(string folder)
    {
        if (!Directory.Exists(folder))
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return new System.Data.Common.DbConnectionStringBuilder { ["Data Source"] = FileIn(folder) }.ConnectionString;
    }
}
