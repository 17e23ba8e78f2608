/// Whose programs a host can run.
public struct HostPlatform: Hashable, Sendable {
    /// As images name it: `amd64`.
    public var architecture: String
    /// The newest variant, where it is known: `v7` of `arm`.
    public var variant: String?
    /// Foreign architectures whose programs the kernel gives to an emulator.
    public var emulated: Set<String>

    public init(architecture: String, variant: String? = nil, emulated: Set<String> = []) {
        self.architecture = architecture
        self.variant = variant
        self.emulated = emulated
    }

    /// `nil` for a machine that nobody has told of: it is not known then what it runs. `machine` as `uname -m` has it,
    /// `emulators` as the kernel lists them: `qemu-aarch64`.
    public init?(machine: String, emulators: [String] = []) {
        guard let (architecture, variant) = Self.machines[machine] else { return nil }
        let emulated = emulators.compactMap { name in
            name == "rosetta" ? "amd64" : name.hasPrefix("qemu-") ? Self.machines[String(name.dropFirst(5))]?.0 : nil
        }
        self.init(architecture: architecture, variant: variant, emulated: Set(emulated))
    }

    /// As people and images write it: `linux/arm/v7`, `arm64`.
    public init?(words: String) {
        let parts = words.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let rest = parts.first == "linux" ? parts.dropFirst() : parts[...]
        guard 1...2 ~= rest.count, rest.allSatisfy({ $0.wholeMatch(of: /[a-z0-9]+/) != nil }) else { return nil }
        self.init(architecture: rest.first ?? "", variant: rest.count == 2 ? rest.last : nil)
    }

    /// What says of itself nothing, runs everywhere, as engines have it.
    public func runs(_ image: ImageConfiguration) -> Bool {
        if let system = image.operatingSystem, !system.isEmpty, system != "linux" { return false }
        guard let wanted = image.architecture, !wanted.isEmpty, !emulated.contains(wanted) else { return true }
        guard wanted == architecture else { return Self.kin[architecture]?.contains(wanted) ?? false }
        guard let have = variant.flatMap(Self.number), let need = image.variant.flatMap(Self.number) else {
            return true
        }
        return need <= have
    }

    /// `linux/arm/v7`.
    public var words: String { "linux/" + architecture + (variant.map { "/\($0)" } ?? "") }

    private static func number(_ variant: String) -> Int? { Int(variant.drop { $0 == "v" }) }

    private static let machines: [String: (String, String?)] = [
        "x86_64": ("amd64", nil), "i386": ("386", nil), "i486": ("386", nil), "i586": ("386", nil),
        "i686": ("386", nil),
        "aarch64": ("arm64", nil), "armv8l": ("arm", "v8"), "armv7l": ("arm", "v7"), "armv6l": ("arm", "v6"),
        "armv5tel": ("arm", "v5"), "arm": ("arm", nil), "ppc64le": ("ppc64le", nil), "s390x": ("s390x", nil),
        "riscv64": ("riscv64", nil), "loongarch64": ("loong64", nil), "mips64el": ("mips64le", nil),
    ]

    /// Smaller ones that most processors of that kind run too; where one does not, the health gate says so.
    private static let kin: [String: Set<String>] = ["amd64": ["386"], "arm64": ["arm"]]
}
