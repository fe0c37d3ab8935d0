using System.Buffers;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace CrmGraph.Reporting.Access;

/// <summary>
/// The secret of an API key: <c>crm_</c> and 32 random bytes in base 62 (43 characters, so that a double click selects it whole). A plain
/// SHA-256 is enough to keep it: 256 random bits cannot be guessed from their hash, so a slow password hash would only cost time per request.
/// </summary>
public static class KeySecret
{
    public const string Mark = "crm_";
    private const int RandomBytes = 32;
    private const int Digits = 43;
    private const int PrefixCharacters = 12;
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static readonly SearchValues<char> Allowed = SearchValues.Create(Alphabet);

    public static string Create()
    {
        var number = new BigInteger(RandomNumberGenerator.GetBytes(RandomBytes), isUnsigned: true);
        return Mark + string.Create(Digits, number, static (characters, rest) =>
        {
            for (var i = characters.Length - 1; i >= 0; i--)
            {
                rest = BigInteger.DivRem(rest, Alphabet.Length, out var digit);
                characters[i] = Alphabet[(int)digit];
            }
        });
    }

    public static bool IsWellFormed(string secret) =>
        secret.Length == Mark.Length + Digits && secret.StartsWith(Mark, StringComparison.Ordinal) && !secret.AsSpan(Mark.Length).ContainsAnyExcept(Allowed);

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.ASCII.GetBytes(secret));

    /// <summary>The part that is kept in the clear to tell keys apart: 8 of 43 digits, 208 bits stay secret.</summary>
    public static string PrefixOf(string secret) => secret[..PrefixCharacters];
}
