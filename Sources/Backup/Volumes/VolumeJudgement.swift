internal import Model

/// What becomes of a data directory in a run, decided before it is copied from what is known of it.
enum VolumeJudgement: Hashable, Sendable {
    case copy
    /// It is empty, as it always was, or as it may be.
    case nothing
    case fails(VolumeFailure)

    /// `known`: what this host remembers of it from earlier runs; `nil` where it remembers nothing. No data is read of a
    /// directory that is not the one that is deployed.
    init(_ volume: VolumeCopy, _ finding: DataFinding, _ known: VolumeMemory.Volume?) {
        guard !finding.condition.isSeen || finding.change != .replaced else {
            self = .fails(.replaced(volume))
            return
        }
        switch finding.condition {
        case .blocked: self = .fails(.blocked(volume))
        case .unreadable: self = .fails(.unreadable(volume))
        case .filled: self = .copy
        case .missing: self = .fails(.missing(volume))
        case .unfinished: self = .fails(.unfinished(volume))
        case .empty:
            if finding.mayBeEmpty, volume.mode != .hook {
                self = .nothing
            } else if let run = known?.run, known?.wasFilled ?? (volume.mode != .hook) {
                self = .fails(.emptied(volume, run, isRemembered: finding.change == .emptied))
            } else if finding.change == .emptied, known?.isAccepted != true {
                self = .fails(.emptied(volume, nil, isRemembered: true))
            } else {
                // A dump is of what the container says, wherever it has that.
                self = volume.mode == .hook ? .copy : .nothing
            }
        }
    }
}

extension VolumeFailure {
    fileprivate static func missing(_ volume: VolumeCopy) -> Self {
        Self(
            volume.name, "missing: it has no directory",
            hint: "bring '\(volume.directory)' back, or mount the disk that it lies on; where its data is lost, "
                + "'fairlead reconcile --force' restores it", mayPass: false)
    }

    fileprivate static func blocked(_ volume: VolumeCopy) -> Self {
        Self(
            volume.name, "not saved: a link or a file lies in the place of its directory or above it",
            hint: "at '\(volume.directory)', \(DataChange.unblocking)", mayPass: false)
    }

    fileprivate static func unreadable(_ volume: VolumeCopy) -> Self {
        Self(
            volume.name, "not saved: its directory cannot be read", hint: DataChange.unreadable.onlyWay ?? "",
            mayPass: true)
    }

    fileprivate static func replaced(_ volume: VolumeCopy) -> Self {
        Self(
            volume.name, "not saved: it is not the directory that was deployed",
            hint: "mount the disk that '\(volume.directory)' lies on, or move it back; where it is right as it is, "
                + "'fairlead adopt --data \(volume.name)'", mayPass: false)
    }

    /// `run` is the newest that is known to hold it. `isRemembered`: a deployment by hand fills its place too; else only one
    /// that is not there.
    fileprivate static func emptied(_ volume: VolumeCopy, _ run: BackupRunID?, isRemembered: Bool) -> Self {
        var ways = ["mount the disk that it lies on"]
        if isRemembered, run != nil {
            ways.append("where its data is lost, 'fairlead reconcile --force' restores it")
        } else if !isRemembered {
            ways.append("or have it restored ('rmdir \(volume.directory)', then 'fairlead reconcile --force')")
        }
        ways.append("where it is meant to be empty, 'fairlead backup accept \(volume.name)'")
        return Self(
            volume.name, "missing: it is empty, and " + (run.map { "run \($0) held it" } ?? "it held data"),
            hint: ways.joined(separator: "; "),
            mayPass: false)
    }

    fileprivate static func unfinished(_ volume: VolumeCopy) -> Self {
        Self(
            volume.name, "not saved: it is not restored to its end",
            hint: "'fairlead reconcile' ends the restore", mayPass: true)
    }
}
