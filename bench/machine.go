package main

import (
	"bufio"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// Machine is what the figures were measured on. It names no host.
type Machine struct {
	Processor string            `json:"processor"`
	Cores     int               `json:"cores"`
	Memory    string            `json:"memory"`
	Kernel    string            `json:"kernel"`
	Disk      string            `json:"disk"`
	Fsync     string            `json:"fsync"` // what one takes, in the directory of the databases
	Go        string            `json:"go"`
	Engines   map[string]string `json:"engines"`
}

// String is the line above the table.
func (m Machine) String() string {
	engines := []string{}
	for _, name := range slices.Sorted(maps.Keys(m.Engines)) {
		engines = append(engines, m.Engines[name])
	}
	return fmt.Sprintf("%d × %s, %s, %s, %s (one fsync %s), %s, %s.", m.Cores, m.Processor, m.Memory, m.Kernel, m.Disk, m.Fsync, m.Go, strings.Join(engines, ", "))
}

func machine(dir string) (Machine, error) {
	m := Machine{Processor: fieldOf("/proc/cpuinfo", "model name"), Cores: runtime.NumCPU(), Go: runtime.Version(), Engines: map[string]string{}}
	var kilobytes float64
	fmt.Sscan(fieldOf("/proc/meminfo", "MemTotal"), &kilobytes)
	m.Memory = fmt.Sprintf("%.0f GiB", kilobytes/(1<<20))
	release, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return m, err
	}
	number, _, _ := strings.Cut(strings.TrimSpace(string(release)), "-")
	m.Kernel = "Linux " + number
	m.Disk = fileSystem(dir)
	took, err := fsyncTime(dir)
	m.Fsync = took.Round(time.Microsecond).String()
	return m, err
}

// fieldOf reads the first value of a name from a file of "name : value".
func fieldOf(path, name string) string {
	file, err := os.Open(path)
	if err != nil {
		return "unknown"
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if key, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

// fileSystem says what kind the directory is on: that of the longest mount point
// above it.
func fileSystem(dir string) string {
	raw, err := os.ReadFile("/proc/mounts")
	if err != nil {
		return "unknown file system"
	}
	kind, longest := "unknown file system", -1
	for line := range strings.Lines(string(raw)) {
		fields := strings.Fields(line)
		if len(fields) < 3 || len(fields[1]) <= longest {
			continue
		}
		if below, err := filepath.Rel(fields[1], dir); err == nil && !strings.HasPrefix(below, "..") {
			kind, longest = fields[2], len(fields[1])
		}
	}
	return kind
}

// fsyncTime is the median of several fsyncs of a small file that grows.
func fsyncTime(dir string) (time.Duration, error) {
	file, err := os.CreateTemp(dir, "fsync-")
	if err != nil {
		return 0, err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	took := []float64{}
	for range 21 {
		if _, err := file.Write(make([]byte, 4096)); err != nil {
			return 0, err
		}
		began := time.Now()
		if err := file.Sync(); err != nil {
			return 0, err
		}
		took = append(took, float64(time.Since(began)))
	}
	return time.Duration(spread(took).Median), nil
}

// loadAverage is what the machine did over the last minutes.
func loadAverage() string {
	raw, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(raw))[:3], " ")
}
