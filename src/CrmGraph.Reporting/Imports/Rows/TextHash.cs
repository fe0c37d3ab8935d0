using System.Runtime.InteropServices;

namespace CrmGraph.Reporting.Imports.Rows;

/// <summary>64 bits of a text, four characters at a time: half a million texts collide with a chance of one in a hundred million.</summary>
internal static class TextHash
{
    public static ulong Of(ReadOnlySpan<char> text)
    {
        var hash = 14695981039346656037UL ^ (ulong)text.Length;
        var words = MemoryMarshal.Cast<char, ulong>(text);
        foreach (var word in words)
            hash = ulong.RotateLeft((hash ^ word) * 0x9E3779B97F4A7C15UL, 29);
        foreach (var character in text[(words.Length * 4)..])
            hash = ulong.RotateLeft((hash ^ character) * 0x9E3779B97F4A7C15UL, 29);
        return (hash ^ (hash >> 32)) * 0xD6E8FEB86659FD93UL;
    }
}
