using System.Collections.Frozen;

namespace CrmGraph.Data.Model;

/// <summary>The alphabetic codes of ISO 4217 (list one as of 2025, and of list three the currencies that old sales still carry).</summary>
public static class CurrencyCodes
{
    private const string Current =
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC " +
        "CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS " +
        "KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB " +
        "PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH " +
        "UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD XPF XPT XSU XTS XUA YER ZAR ZMW ZWG";

    private const string Former =
        "ADP ANG ATS AYM AZM BEF BGL BYB BYR CSD CSK CUC CYP DEM EEK ESP FIM FRF GHC GRD GWP HRK IEP ITL LTL LUF LVL MGF MRO MTL MXP MZM NLG PLZ PTE ROL " +
        "RUR SDD SIT SKK SLL SRG STD TMM TRL VEB VEF XEU YUM ZMK ZWD ZWL ZWR";

    public static FrozenSet<string> All { get; } = $"{Current} {Former}".Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The code in upper case, or null when it is not one.</summary>
    public static string? Find(string? code) =>
        code is { Length: 3 } && All.TryGetValue(code, out var exact)
            ? exact
            : code is { Length: 3 } && All.TryGetValue(code.ToUpperInvariant(), out exact) ? exact : null;
}
