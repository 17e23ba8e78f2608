/// What differs between container engines beside their APIs, as data: what the rest asks in place of which engine it is.
///
/// Nothing has a value by default, so that a new engine says all of it.
public struct EngineTraits: Sendable {
    /// As sentences name it: `Podman`.
    public let name: String
    public let program: Program
    public let service: Service
    /// Where it keeps images and containers unless it was told otherwise.
    public let storage: String
    /// Where `skopeo` finds its images.
    public let imageStore: ImageStore
    /// The first process of containers that ask for `init`.
    public let initProgram: Helper
    /// What answers names on its networks; `nil` where it does so itself.
    public let nameServer: Helper?
    /// How the names of the programs begin that stay beside a container and are its parent.
    public let monitors: [String]
    /// What stays beside a command that is run in a container; `nil` where nothing does that could be told apart.
    public let commandMonitor: CommandMonitor?
    public let networks: Networks
    /// Labels by which tools of its own act on containers; one that ends in `.` or `/` stands for all that begin with it.
    public let toolLabels: [String]
    /// Its file with a container's output, in the format `k8s-file`, grows without end unless a job cuts it.
    public let leavesLogsToGrow: Bool
    /// The first version that Fairlead is tested with; `nil` where each one that is let in is.
    public let testedSince: [Int]?
    /// By what a build that it runs as root can leave its container; `nil` where nothing is known.
    public let buildHoles: BuildHoles?
    /// Whether builds can be cut off from the host.
    public let isolatesBuilds: Bool
    /// When an orderly reboot is slow, and what helps; `nil` where it never is.
    public let slowReboot: SlowReboot?

    /// Whether its tools act on containers by a label of this name.
    public func hasTool(for label: String) -> Bool {
        toolLabels.contains { $0.hasSuffix(".") || $0.hasSuffix("/") ? label.hasPrefix($0) : label == $0 }
    }

    /// Its command-line program.
    public struct Program: Sendable {
        /// What it and its package are called.
        public let name: String
        /// The variable by which it is told where its service listens.
        public let address: String
        /// It has its work done by the service in any case; else only where it is told of one.
        public let needsService: Bool
        /// With which `exec` hands on every byte of the standard input as it is.
        public let plainInput: [String]
        /// Its package brings no other program that Fairlead needs, so that `doctor` looks for each.
        public let needsPackages: Bool
    }

    /// What answers on its socket.
    public struct Service: Sendable {
        public let socket: String
        /// Of systemd, without what kind of unit it is.
        public let unit: String
        /// Somebody else's to start, to configure and to restart: with it all containers may stop.
        public let isDaemon: Bool

        /// Whatever directory it lies in.
        public var socketName: String { socket.split(separator: "/").last.map(String.init) ?? "" }
    }

    /// A program that the engine calls, and where it looks for it beside `PATH`.
    public struct Helper: Sendable {
        public let name: String
        public let directories: [String]

        public var paths: [String] { directories.map { "\($0)/\(name)" } }
    }

    public struct CommandMonitor: Sendable {
        /// Of its program.
        public let name: String
        /// Its option that names the file with what the command is: program, arguments, environment.
        public let description: String
    }

    public struct ImageStore: Sendable {
        /// As it begins a name: `docker-daemon`.
        public let transport: String
        /// It has the manifest of each image.
        public let keepsManifests: Bool
    }

    public struct Networks: Sendable {
        /// What it takes for a way to the network, or has a network of that name for.
        public let reservedNames: Set<String>
        /// How the names of its interfaces on the host begin.
        public let interfaces: [String]
        /// Names of bridges that end in an id; `nil` where it gives none.
        public let numberedBridges: NumberedBridges?
        /// What the names of the firewall's chains have in which it leads to containers.
        public let chains: [String]
        /// Those among them that the owner of the host fills.
        public let ownersChains: [String]
        /// A program of its own leads users to containers where no rule does.
        public let leadsByProgram: Bool
        /// They may lie in a machine of their own, to which no link of this host leads.
        public let mayLieElsewhere: Bool
        /// Its program can write the rules of a network anew while containers run on it (`network reload`).
        public let rewritesRules: Bool

        /// Whether it gave an interface of this name to a network.
        public func own(_ interface: String) -> Bool {
            interfaces.contains { interface.hasPrefix($0) } || numberedBridges?.include(interface) == true
        }
    }

    public struct NumberedBridges: Sendable {
        public let prefix: String
        /// Hexadecimal ones, in lower case.
        public let digits: Int

        func include(_ interface: String) -> Bool {
            guard interface.hasPrefix(prefix) else { return false }
            let id = interface.dropFirst(prefix.count)
            return id.utf8.count == digits && id.allSatisfy { "0123456789abcdef".contains($0) }
        }
    }

    public struct BuildHoles: Sendable {
        public let fixedIn: [Int]
        public let names: String
    }

    public struct SlowReboot: Sendable {
        /// How the versions begin that need help.
        public let versions: String
        /// Directories of systemd's drop-ins by which it is told the right order.
        public let dropIns: [String]
    }
}
