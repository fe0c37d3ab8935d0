namespace CrmGraph.Data.Database;

/// <summary>The database gave no answer in the time that there was.</summary>
public sealed class DatabaseAwayException(string message, Exception inner) : Exception(message, inner);
