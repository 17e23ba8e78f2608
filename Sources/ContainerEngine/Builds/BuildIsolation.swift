internal import FoundationEssentials
public import Model
internal import Processes

/// Whether this host can build images cut off from itself.
public struct BuildIsolation: Sendable, Hashable {
    /// What is missing, and how to get it; `nil` when nothing is.
    public let obstacle: String?
    /// What a build will lack; `nil` when nothing.
    public let lack: String?

    /// Of this host with this engine.
    public init(product: EngineProduct) {
        let sysctl = "/proc/sys/kernel/unprivileged_userns_clone"
        self.init(
            product: product, programs: Self.programs.filter { Command.find($0) != nil },
            userNamespaces: Self.number("/proc/sys/user/max_user_namespaces") ?? 0,
            allowsUsers: Self.number(sysctl) != 0)
    }

    package init(product: EngineProduct, programs: [String], userNamespaces: Int, allowsUsers: Bool) {
        let missing = Self.programs.filter { !programs.contains($0) && $0 != Self.network }
        obstacle =
            if !product.traits.isolatesBuilds {
                "the engine is \(product), not Podman"
            } else if !missing.isEmpty {
                "\(missing.quoted) is not installed"
            } else if userNamespaces == 0 {
                "the kernel gives no user namespaces ('user.max_user_namespaces' is 0)"
            } else if !allowsUsers {
                "the kernel gives user namespaces to root only ('kernel.unprivileged_userns_clone' is 0)"
            } else {
                nil
            }
        let hasNetwork = programs.contains(Self.network)
        lack = hasNetwork ? nil : "builds have no network: 'apt-get install \(Self.network)' gives them one"
    }

    /// The line of the host's configuration that goes without.
    public static let wayOut =
        "for builds with the engine's rights on this host, write \"policy\": {\"builds\": \"host\"} in "
        + "'/etc/fairlead/config.json'; or name an image of a registry in the plan"

    private static let network = "slirp4netns"
    static let programs = ["podman", "unshare", "setpriv", "flock", "tar", network]

    private static func number(_ file: String) -> Int? {
        FileManager.default.contents(atPath: file).flatMap { data in
            Int(String(decoding: data, as: UTF8.self).filter { !$0.isWhitespace })
        }
    }
}
