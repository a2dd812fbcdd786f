using System.Runtime.Versioning;

// It reads /proc, and its peers are Linux programs.
[assembly: SupportedOSPlatform("linux")]
